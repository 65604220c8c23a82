"""What an answer about ease is told of: the parts of effort as they had been counted when it came."""

EASED = """WITH answered AS (
  SELECT customer, talk, occurred_at, score FROM answer
  WHERE {seen} AND metric = 'ces' AND coalesce(scale, 7) = 7 AND score BETWEEN 1 AND 7 AND customer <> 0
    AND talk IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY customer, talk ORDER BY occurred_at DESC, id DESC) = 1),
counted AS (
  SELECT customer, talk, occurred_at, contacts, waits, transfers, switches FROM told
  WHERE kind = 'effort.counted' AND talk IS NOT NULL
  QUALIFY row_number() OVER (PARTITION BY customer, talk, occurred_at ORDER BY id DESC) = 1),
beside AS (
  SELECT a.customer, a.score, coalesce(c.contacts, 0) AS contacts, coalesce(c.waits, 0) AS waits,
    coalesce(c.transfers, 0) AS transfers, coalesce(c.switches, 0) AS switches
  FROM (SELECT * FROM answered a SEMI JOIN talk t ON t.customer = a.customer AND t.talk = a.talk) a
  ASOF LEFT JOIN counted c ON c.customer = a.customer AND c.talk = a.talk AND a.occurred_at >= c.occurred_at)
SELECT contacts, waits, transfers, switches, round(score)::INTEGER,
  (customer % 1000003 * 2654435761 % 4294967296 * $folds // 4294967296)::INTEGER AS fold, count(*)
FROM beside GROUP BY ALL ORDER BY ALL"""
