"""What parts the moments a question begins with: `anchors` by their inbox, by whose they are or one by one.

The most frequent parts keep their names, the others are one. A moment of several parts counts in each.
"""

from __future__ import annotations

TABLE = "CREATE OR REPLACE TEMP TABLE named (key {type}, name VARCHAR)"
TAKE = "INSERT INTO named SELECT unnest($keys::{type}[]), unnest($names::VARCHAR[])"
FOLDED = """CREATE OR REPLACE TEMP TABLE parted AS
WITH kept AS (SELECT n.name FROM anchors a JOIN named n ON n.key = a.{column} GROUP BY n.name
  ORDER BY count(*) DESC, n.name LIMIT $most)
SELECT DISTINCT n.key, k.name, k.name IS NULL AS others FROM named n LEFT JOIN kept k ON k.name = n.name"""
PARTS = """SELECT a.*, p.name, coalesce(p.others, false) AS others
FROM anchors a LEFT JOIN parted p ON p.key = a.{column}"""
