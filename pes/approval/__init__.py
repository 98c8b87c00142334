"""The way of the document of the PES to its adoption: versions, entities, committee, act, publication (LC-06, LC-08)."""
