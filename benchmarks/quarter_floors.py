"""Statements written by hand that the close of a quarter is measured against: window, fold and rank in the database.

They know the decided methodology only, and that every term has passed: what is programmed and not officially reported
is a 0 (PT-17), a rating is between 0 and 1, a CONSTANTE accumulates by its mean (PT-11).
"""

from __future__ import annotations

_FACTS = """
    fact AS MATERIALIZED (
        SELECT plan.level, goal.plan_id AS plan, goal.id AS goal, goal.programming_type AS kind, goal.magnitude,
               CASE goal.programming_type WHEN 'DECRECIENTE' THEN goal.baseline ELSE 0 END AS base,
               CASE goal.unit WHEN 'Porcentaje' THEN 100 ELSE 1 END AS scale,
               CASE goal.status WHEN 'active' THEN goal.weight END AS weight,
               target.quarter, target.programmed, entry.numerator AS up, entry.denominator AS down,
               CASE WHEN entry.numerator IS NULL OR entry.denominator IS NULL THEN entry.achieved
                    ELSE entry.numerator / NULLIF(entry.denominator, 0)
                         * CASE goal.unit WHEN 'Porcentaje' THEN 100 ELSE 1 END END AS amount
          FROM plans_plangestion plan
          JOIN pes_organizationunit unit ON unit.id = plan.unit_id
          JOIN plans_goal goal ON goal.plan_id = plan.id
          JOIN plans_quartertarget target ON target.goal_id = goal.id
          LEFT JOIN tracking_quarterreport report ON report.plan_id = plan.id AND report.quarter = target.quarter
               AND report.status IN ('validated', 'consolidated', 'published')
          LEFT JOIN tracking_goalreport entry ON entry.report_id = report.id AND entry.goal_id = goal.id
         WHERE unit.parent_id = %s AND plan.vigencia_id = %s AND plan.status IN ('published', 'closed')
           AND goal.status <> 'removed'
    ),
    alone AS (
        SELECT *, CASE
               WHEN programmed IS NULL OR base IS NULL
                    OR CASE kind WHEN 'DECRECIENTE' THEN programmed >= base ELSE programmed <= base END
               THEN 'not_programmed' WHEN amount IS NOT NULL THEN 'reported' WHEN down = 0 THEN 'no_demand'
               ELSE 'missing' END AS state
          FROM fact
    ),
    rated AS (
        SELECT *, state IN ('reported', 'missing') AS counts, CASE state
               WHEN 'reported' THEN CASE kind WHEN 'DECRECIENTE' THEN (base - amount) / (base - programmed)
                                              ELSE amount / programmed END
               WHEN 'missing' THEN 0 END AS result
          FROM alone
    ),
    year AS (
        SELECT *, CASE WHEN result > 1 THEN 1 WHEN result < 0 THEN 0 ELSE result END AS rating,
               count(amount) OVER so_far AS seen, count(*) FILTER (WHERE counts) OVER so_far AS owed,
               sum(programmed) FILTER (WHERE counts) OVER so_far AS due_sum,
               sum(coalesce(amount, 0)) FILTER (WHERE counts OR amount IS NOT NULL) OVER so_far AS done,
               avg(result) OVER so_far AS mean,
               avg(CASE WHEN result > 1 THEN 1 WHEN result < 0 THEN 0 ELSE result END) OVER so_far AS mean_rating,
               avg(coalesce(amount, 0)) FILTER (WHERE counts) OVER so_far AS mean_amount,
               sum(up) FILTER (WHERE state = 'reported' AND up IS NOT NULL) OVER so_far AS ups,
               sum(down) FILTER (WHERE state = 'reported' AND down > 0) OVER so_far AS downs,
               count(*) FILTER (WHERE state = 'reported' AND coalesce(down, 0) = 0) OVER so_far AS without_terms
          FROM rated WINDOW so_far AS (PARTITION BY goal ORDER BY quarter)
    ),
    level AS (
        SELECT *, max(amount) OVER (PARTITION BY goal, seen) AS last_amount,
               max(programmed) FILTER (WHERE counts) OVER (PARTITION BY goal, owed) AS due
          FROM year
    ),
    cut AS (
        SELECT *, CASE kind WHEN 'SUMA' THEN done / due_sum WHEN 'CONSTANTE' THEN mean
               WHEN 'CRECIENTE' THEN CASE WHEN due IS NOT NULL THEN coalesce(last_amount, 0) / due END
               ELSE CASE WHEN due IS NULL THEN NULL WHEN last_amount IS NULL THEN 0
                         ELSE (base - last_amount) / (base - due) END END AS to_date
          FROM level
    ),
    capped AS (
        SELECT *, CASE WHEN kind = 'CONSTANTE' THEN mean_rating WHEN to_date > 1 THEN 1 WHEN to_date < 0 THEN 0
               ELSE to_date END AS to_date_rating
          FROM cut
    )"""

#: Level, plan, quarter, score, score to date and place of every plan at its four cuts; parameters: entity, vigencia.
RANKING = f"""
    WITH {_FACTS},
    score AS (
        SELECT level, plan, quarter,
               sum(weight * rating) / sum(weight) FILTER (WHERE rating IS NOT NULL) AS score,
               sum(weight * to_date_rating) / sum(weight) FILTER (WHERE to_date_rating IS NOT NULL) AS to_date
          FROM capped GROUP BY level, plan, quarter
    )
    SELECT level, plan, quarter, score, to_date,
           rank() OVER (PARTITION BY level, quarter ORDER BY round(score * 100, 2) DESC NULLS LAST)
      FROM score"""

#: The rows of every goal of a level at one cut; parameters: entity, vigencia, close, quarter, level.
WRITING = f"""
    WITH {_FACTS}
    INSERT INTO evaluation_goalresult (close_id, goal_id, state, weight, programmed, achieved, result, rating,
                                       accumulated, progress, to_date, to_date_rating)
    SELECT %s, goal, state, weight, programmed::text, amount::text, result::text, rating::text,
           (CASE kind WHEN 'SUMA' THEN done
                 WHEN 'CONSTANTE' THEN CASE WHEN without_terms = 0 AND downs > 0 THEN ups / downs * scale
                                            ELSE mean_amount END
                 ELSE last_amount END)::text,
           (CASE kind WHEN 'SUMA' THEN done / magnitude WHEN 'CONSTANTE' THEN mean
                 WHEN 'CRECIENTE' THEN last_amount / magnitude ELSE (base - last_amount) / (base - magnitude) END)::text,
           to_date::text, to_date_rating::text
      FROM capped WHERE quarter = %s AND level = ANY(%s)"""
