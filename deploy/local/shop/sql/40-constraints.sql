-- Keys, indexes and a view, as a grown application has them.
SET ROLE shop;
SET maintenance_work_mem = '128MB';

ALTER TABLE customers ADD PRIMARY KEY (customer_id);
ALTER TABLE products ADD PRIMARY KEY (product_id), ADD UNIQUE (sku);
ALTER TABLE orders ADD PRIMARY KEY (order_id);
ALTER TABLE order_items ADD PRIMARY KEY (order_id, line);
ALTER TABLE payments ADD PRIMARY KEY (payment_id);
ALTER TABLE audit ADD PRIMARY KEY (audit_id);

ALTER TABLE orders ADD FOREIGN KEY (customer_id) REFERENCES customers;
ALTER TABLE order_items ADD FOREIGN KEY (order_id) REFERENCES orders ON DELETE CASCADE;
ALTER TABLE order_items ADD FOREIGN KEY (product_id) REFERENCES products;
ALTER TABLE payments ADD FOREIGN KEY (order_id) REFERENCES orders;

CREATE UNIQUE INDEX customers_email ON customers (lower(email));
CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_placed ON orders (placed_at) WHERE state <> 'cancelled';
CREATE INDEX audit_detail ON audit USING gin (detail jsonb_path_ops);

CREATE VIEW revenue_by_month AS
SELECT date_trunc('month', paid_at) AS month, count(*) AS payments, sum(amount_cents) AS cents
FROM payments
GROUP BY 1;

ANALYZE;
