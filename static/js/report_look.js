// What is not typed in a goal changed too (its evidence): its figures and the bar are asked for again, nothing is written.
import { post, tokenOf } from "./grid_send.js";

export async function look(form, page, show) {
  const data = new FormData();
  data.append("goal", form.elements.goal.value);
  const { kind, data: answer } = await post(page.root.dataset.save, tokenOf(form), data);
  if (kind === "saved") show.apply(answer, {});
}
