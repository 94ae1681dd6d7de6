-- utf8mb4_bin: as on PostgreSQL, two texts are one unique value only if they are the same text.
create table shop.customers (
  id            bigint not null auto_increment primary key,
  email         varchar(190) not null,
  name          varchar(120) not null,
  phone         varchar(40),
  country       char(2) not null,
  birth_date    date,
  newsletter    tinyint(1) not null default 0,
  loyalty_score double not null default 0,
  preferences   json not null,
  created_at    timestamp(6) not null default current_timestamp(6),
  version       bigint not null default 1,
  unique key customers_email_unique (email)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

create table shop.products (
  id          bigint not null auto_increment primary key,
  sku         char(14) not null,
  name        varchar(200) not null,
  description text,
  price       decimal(12, 2) not null,
  weight_kg   double,
  active      tinyint(1) not null default 1,
  attributes  json,
  thumbnail   varbinary(256),
  released_on date,
  updated_at  timestamp(6) not null default current_timestamp(6),
  version     bigint not null default 1,
  unique key products_sku_unique (sku)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

create table shop.inventory (
  product_id bigint not null primary key,
  warehouse  char(6) not null,
  quantity   int not null,
  -- the clock on the warehouse's wall
  counted_at datetime(6) not null,
  version    bigint not null default 1,
  constraint inventory_product foreign key (product_id) references shop.products (id)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

create table shop.orders (
  id            bigint not null auto_increment primary key,
  customer_id   bigint not null,
  status        enum ('new', 'paid', 'packed', 'shipped', 'delivered', 'cancelled') not null default 'new',
  total         decimal(14, 2) not null,
  currency      char(3) not null,
  note          text,
  shipping      json not null,
  gift          tinyint(1) not null default 0,
  placed_at     timestamp(6) not null default current_timestamp(6),
  delivery_slot datetime(6),
  version       bigint not null default 1,
  key orders_customer (customer_id, placed_at),
  constraint orders_customer_exists foreign key (customer_id) references shop.customers (id)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

create table shop.order_items (
  order_id   bigint not null,
  line_no    smallint not null,
  product_id bigint not null,
  quantity   int not null,
  unit_price decimal(12, 2) not null,
  discount   decimal(5, 4) not null default 0,
  version    bigint not null default 1,
  primary key (order_id, line_no),
  key order_items_product (product_id),
  constraint order_items_order foreign key (order_id) references shop.orders (id),
  constraint order_items_product_exists foreign key (product_id) references shop.products (id)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;

create table shop.payments (
  id        bigint not null auto_increment primary key,
  order_id  bigint not null,
  method    enum ('card', 'transfer', 'wallet', 'invoice') not null,
  amount    decimal(14, 2) not null,
  fee       decimal(12, 6) not null default 0,
  captured  tinyint(1) not null default 0,
  reference varchar(64),
  token     varbinary(32) not null,
  paid_at   timestamp(6) null default null,
  version   bigint not null default 1,
  key payments_order (order_id),
  constraint payments_order_exists foreign key (order_id) references shop.orders (id)
) engine = InnoDB default character set utf8mb4 collate utf8mb4_bin;
