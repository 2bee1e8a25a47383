# The shop's owner, who may also make databases (a restore needs that), and a role that can only read, and see what the server does.
psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
  --set owner_password="$SHOP_PASSWORD" --set backup_password="$BACKUP_PASSWORD" <<'SQL'
CREATE ROLE shop LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE backup LOGIN PASSWORD :'backup_password' IN ROLE pg_read_all_data, pg_monitor;
ALTER DATABASE ecommerce OWNER TO shop;
ALTER SCHEMA public OWNER TO shop;
ALTER DATABASE ecommerce SET timezone TO 'UTC';
COMMENT ON DATABASE ecommerce IS 'Orders and stock of the example shop';
SQL
