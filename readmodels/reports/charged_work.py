"""What reports of income count: rows of work done in completed visits, and of goods sold without one (FIN-9), in one shape.

Goods that come back are below zero, on the day on which they do. What organisations buy is in the settlements with them.
"""

from typing import Literal

Document = Literal["visit", "goods_issue", "customer_return"]
_AMOUNTS = "greatest(round((l.line ->> 'price')::numeric * (l.line ->> 'quantity')::numeric, 2), (l.line ->> 'sum')::numeric)"
_SOLD = f"""SELECT d.id, d.kind, d.number, (l.n - 1)::integer, 0, NULL::uuid, d.moment, d.patient_id, 'goods',
    (l.line ->> 'goods_id')::uuid, s.sign * (l.line ->> 'quantity')::numeric, a.gross, a.net, a.gross, a.net
  FROM stock_documents d LEFT JOIN stock_documents o ON o.id = d.origin_id
    CROSS JOIN LATERAL jsonb_array_elements(d.lines) WITH ORDINALITY AS l(line, n)
    CROSS JOIN LATERAL (SELECT CASE d.kind WHEN 'goods_issue' THEN 1 ELSE -1 END) AS s(sign)
    CROSS JOIN LATERAL (SELECT (s.sign * 100 * {_AMOUNTS})::bigint, (s.sign * 100 * (l.line ->> 'sum')::numeric)::bigint)
      AS a(gross, net)
  WHERE d.kind IN ('goods_issue', 'customer_return') AND d.posted AND NOT d.deleted
    AND d.counterparty_id IS NULL AND o.counterparty_id IS NULL"""
ROWS = f"""(SELECT visit_id, 'visit'::text AS document, number, line, performer, employee_id, starts_at, patient_id, kind,
    item_id, quantity, line_gross, line_net, gross, net FROM performed_work
  UNION ALL {_SOLD})"""
"""SQL: a table with the columns of `performed_work`, of which `visit_id` names the `document`."""
DAYS = f"""SELECT r.starts_at::date AS day, g.kind, CASE g.kind WHEN 'goods' THEN r.item_id ELSE %(nobody)s END AS id,
    0 AS visits, sum(CASE g.kind WHEN 'goods' THEN r.quantity ELSE 1 END) AS quantity, sum(r.gross) AS gross, sum(r.net) AS net
  FROM ({_SOLD}) AS r(id, document, number, line, performer, employee_id, starts_at, patient_id, kind, item_id, quantity,
    line_gross, line_net, gross, net) CROSS JOIN unnest(%(groups)s::text[]) AS g(kind)
  WHERE g.kind <> 'service' AND r.starts_at >= %(start)s AND r.starts_at < %(end)s GROUP BY 1, 2, 3"""
"""SQL: what was sold without a visit, added up as rows of `work_days`."""
