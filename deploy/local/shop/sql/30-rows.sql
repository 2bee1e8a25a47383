-- About 200 MB of rows, the same ones on every machine: one seed, and digests of the row's number where the
-- content must not compress.
SET ROLE shop;
SET max_parallel_workers_per_gather = 0;
SET SEED TO 0.42;

INSERT INTO customers (email, full_name, country, newsletter, created_at)
SELECT format('customer%s@example.com', i),
       (ARRAY['Ada', 'Grace', 'Alan', 'Edsger', 'Barbara', 'Donald', 'Frances', 'Ken'])[1 + i % 8] || ' ' ||
       (ARRAY['Jones', 'Müller', 'Rossi', 'Nguyễn', 'Silva', 'Dvořák', 'Øster', 'O''Brien', 'Sato'])[1 + i % 9],
       (ARRAY['DE', 'FR', 'IT', 'VN', 'BR', 'CZ', 'DK', 'IE', 'JP'])[1 + i % 9],
       random() < 0.3,
       timestamptz '2023-01-01 00:00:00+00' + random() * interval '700 days'
FROM generate_series(1, 40000) AS i;

INSERT INTO products (sku, title, price_cents, stock, attributes)
SELECT format('SKU-%s', lpad(i::text, 6, '0')), format('Article %s', i), 100 + (random() * 20000)::int,
       (random() * 500)::int,
       jsonb_build_object('colour', (ARRAY['red', 'green', 'blue', 'black'])[1 + i % 4], 'weight_g', 50 + i % 3000)
FROM generate_series(1, 2000) AS i;

INSERT INTO orders (customer_id, state, placed_at, note)
SELECT 1 + (random() * 39999)::bigint,
       (ARRAY['new', 'paid', 'shipped', 'delivered', 'delivered', 'delivered', 'cancelled'])[1 + i % 7]::order_state,
       timestamptz '2025-01-01 00:00:00+00' + i * interval '105 seconds',
       CASE WHEN i % 20 = 0 THEN 'Please ring twice, the bell is quiet.' END
FROM generate_series(1, 300000) AS i;

INSERT INTO order_items (order_id, line, product_id, quantity, price_cents)
SELECT i, line, 1 + (random() * 1999)::bigint, 1 + (random() * 4)::int, 100 + (random() * 20000)::int
FROM generate_series(1, 300000) AS i, generate_series(1, 1 + i % 4) AS line;

INSERT INTO payments (order_id, amount_cents, method, receipt, paid_at)
SELECT item.order_id, sum(item.quantity * item.price_cents),
       (ARRAY['card', 'transfer', 'invoice'])[1 + item.order_id % 3],
       sha512(('receipt ' || item.order_id)::bytea) || sha512(('stamp ' || item.order_id)::bytea),
       timestamptz '2025-01-01 00:10:00+00' + item.order_id * interval '105 seconds'
FROM order_items AS item
WHERE item.order_id % 7 NOT IN (0, 6)
GROUP BY item.order_id
ORDER BY item.order_id;

INSERT INTO audit (happened_at, actor, action, detail)
SELECT timestamptz '2025-01-01 00:00:00+00' + i * interval '210 seconds',
       (ARRAY['checkout', 'warehouse', 'support', 'import'])[1 + i % 4],
       (ARRAY['order.placed', 'order.packed', 'order.changed'])[1 + i % 3],
       jsonb_build_object('order', 1 + i * 2 % 300000, 'address', format('192.0.2.%s', i % 256),
                          'trace', encode(sha256(('trace ' || i)::bytea), 'hex'), 'retries', i % 3)
FROM generate_series(1, 150000) AS i;
