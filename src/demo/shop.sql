-- The demo shop: Heron & Quill, a bookshop with six stores, a web shop and a telephone.
--
-- One SQLite script, the same rows every time: names come from short lists, figures from a
-- sequence of whole numbers (x * 48271 mod 2^31 - 1) kept in the table `roll` while the script
-- runs. People, titles and addresses are invented; every e-mail address ends in `.example`.
-- Money is in euros. Trade runs from 2024-01-01 to 2026-10-31 and shows what a real shop shows:
-- growth, a Christmas peak, busy Saturdays, a few titles that sell a lot and many that sell a
-- little, a store that opened late, a store that was closed for repairs, customers who never
-- came back. Two columns look secret (`customers.card_token`, `employees.password_hash`), so
-- that reading samples has something to leave out.

PRAGMA foreign_keys = OFF;
BEGIN;

CREATE TABLE categories (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    description TEXT NOT NULL
);

CREATE TABLE authors (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    country    TEXT NOT NULL,
    birth_year INTEGER
);

CREATE TABLE products (
    id           INTEGER PRIMARY KEY,
    title        TEXT NOT NULL UNIQUE,
    category_id  INTEGER NOT NULL REFERENCES categories (id),
    author_id    INTEGER NOT NULL REFERENCES authors (id),
    format       TEXT NOT NULL CHECK (format IN ('hardback', 'paperback', 'audiobook')),
    pages        INTEGER,
    price        NUMERIC(8, 2) NOT NULL,
    cost         NUMERIC(8, 2) NOT NULL,
    stock        INTEGER NOT NULL DEFAULT 0,
    published_on DATE NOT NULL
);

CREATE TABLE customers (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL,
    email      TEXT NOT NULL UNIQUE,
    city       TEXT NOT NULL,
    country    TEXT NOT NULL,
    joined_on  DATE NOT NULL,
    newsletter BOOLEAN NOT NULL DEFAULT 0,
    card_token TEXT
);

CREATE TABLE stores (
    id          INTEGER PRIMARY KEY,
    name        TEXT NOT NULL UNIQUE,
    city        TEXT NOT NULL,
    country     TEXT NOT NULL,
    opened_on   DATE NOT NULL,
    floor_space INTEGER NOT NULL
);

CREATE TABLE employees (
    id            INTEGER PRIMARY KEY,
    name          TEXT NOT NULL,
    job_title     TEXT NOT NULL,
    store_id      INTEGER REFERENCES stores (id),
    manager_id    INTEGER REFERENCES employees (id),
    hired_on      DATE NOT NULL,
    salary        INTEGER NOT NULL,
    password_hash TEXT NOT NULL
);

CREATE TABLE orders (
    id          INTEGER PRIMARY KEY,
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    store_id    INTEGER REFERENCES stores (id),
    employee_id INTEGER REFERENCES employees (id),
    status      TEXT NOT NULL
                CHECK (status IN ('delivered', 'shipped', 'pending', 'cancelled', 'refunded')),
    channel     TEXT NOT NULL CHECK (channel IN ('web', 'store', 'phone')),
    ordered_at  DATETIME NOT NULL
);

CREATE TABLE order_items (
    id         INTEGER PRIMARY KEY,
    order_id   INTEGER NOT NULL REFERENCES orders (id),
    product_id INTEGER NOT NULL REFERENCES products (id),
    quantity   INTEGER NOT NULL CHECK (quantity > 0),
    unit_price NUMERIC(8, 2) NOT NULL,
    discount   NUMERIC(3, 2) NOT NULL DEFAULT 0,
    UNIQUE (order_id, product_id)
);

CREATE TABLE returns (
    id            INTEGER PRIMARY KEY,
    order_item_id INTEGER NOT NULL REFERENCES order_items (id),
    returned_on   DATE NOT NULL,
    reason        TEXT NOT NULL,
    refund        NUMERIC(8, 2) NOT NULL
);

CREATE TABLE reviews (
    id          INTEGER PRIMARY KEY,
    product_id  INTEGER NOT NULL REFERENCES products (id),
    customer_id INTEGER NOT NULL REFERENCES customers (id),
    rating      INTEGER NOT NULL CHECK (rating BETWEEN 1 AND 5),
    comment     TEXT,
    written_on  DATE NOT NULL
);

-- Six numbers from 0 to 999,999 a row; every table below throws its dice here.
CREATE TEMP TABLE roll (n INTEGER PRIMARY KEY, a INT, b INT, c INT, d INT, e INT, f INT);
WITH RECURSIVE
    seed (n, a) AS (
        SELECT 1, 20240101
        UNION ALL
        SELECT n + 1, a * 48271 % 2147483647 * 69621 % 2147483647 FROM seed WHERE n < 30000
    ),
    two (n, a, b) AS (SELECT n, a, a * 16807 % 2147483647 FROM seed),
    four (n, a, b, c, d) AS (
        SELECT n, a, b, a * 39373 % 2147483647, b * 40692 % 2147483647 FROM two
    )
INSERT INTO roll
SELECT n, a / 97 % 1000000, b / 89 % 1000000, c / 83 % 1000000, d / 79 % 1000000,
       c * 30269 % 2147483647 / 73 % 1000000, d * 30307 % 2147483647 / 71 % 1000000
FROM four;

INSERT INTO categories (id, name, description) VALUES
    (1, 'Crime', 'Detectives, courts and bad intentions'),
    (2, 'Fantasy', 'Maps in the front, dragons in the back'),
    (3, 'Literary Fiction', 'Novels that win prizes and some that should'),
    (4, 'Science Fiction', 'What if, told at length'),
    (5, 'Historical Fiction', 'Novels in borrowed clothes'),
    (6, 'Children''s Books', 'For readers up to eleven'),
    (7, 'Cookery', 'Recipes and kitchen stories'),
    (8, 'Travel', 'Guides, walks and long ways round'),
    (9, 'Biography', 'Lives, told by others and by their owners'),
    (10, 'History', 'What happened, with notes'),
    (11, 'Nature', 'Birds, weather, trees and sea'),
    (12, 'Poetry', 'Short lines, long evenings');

INSERT INTO authors (id, name, country, birth_year) VALUES
    (1, 'Maren Holt', 'Sweden', 1971), (2, 'Declan Farrow', 'Ireland', 1964),
    (3, 'Ines Cardoval', 'Portugal', 1980), (4, 'Tobias Wenk', 'Germany', 1958),
    (5, 'Orla Penhallow', 'Ireland', 1985), (6, 'Rufus Atherley', 'United Kingdom', 1949),
    (7, 'Saoirse Kinnan', 'Ireland', 1977), (8, 'Bertrand Colaise', 'France', 1969),
    (9, 'Adaeze Morrow', 'United Kingdom', 1983), (10, 'Lucian Varga', 'Hungary', 1974),
    (11, 'Winifred Ashby', 'United Kingdom', 1938), (12, 'Koji Haramatsu', 'Japan', 1966),
    (13, 'Petra Lindqvall', 'Sweden', 1990), (14, 'Samuel Okonby', 'United States', 1976),
    (15, 'Greta Fennimore', 'United States', 1961), (16, 'Matteo Rinaldeschi', 'Italy', 1972),
    (17, 'Hollis Brandt', 'United States', 1987), (18, 'Elspeth Carrow', 'United Kingdom', 1955),
    (19, 'Noor Vandersteen', 'Netherlands', 1979), (20, 'Pip Larkham', 'Australia', 1982),
    (21, 'Clementine Roux', 'France', 1991), (22, 'Fergus Dunleary', 'Ireland', 1968),
    (23, 'Yasmin Albright', 'United Kingdom', 1986), (24, 'Paolo Bertinoro', 'Italy', 1963),
    (25, 'Hanne Skov', 'Denmark', 1975), (26, 'Gilbert Thornby', 'Canada', 1952),
    (27, 'Rosalind Quayle', 'United Kingdom', 1970), (28, 'Ezra Coldwater', 'United States', 1989),
    (29, 'Anneke Terhorst', 'Netherlands', 1960), (30, 'Dominic Sable', 'Canada', 1978),
    (31, 'Isolde Merriweather', 'United Kingdom', NULL), (32, 'Jonas Eberlin', 'Germany', 1981),
    (33, 'Amara Dellwood', 'Australia', 1993), (34, 'Cormac Tiernagh', 'Ireland', 1946),
    (35, 'Livia Montefalco', 'Italy', 1984), (36, 'Bram Oosterkamp', 'Netherlands', 1967);

-- Titles by category and author. The remaining columns of a product are thrown.
CREATE TEMP TABLE title (id INTEGER PRIMARY KEY, category INT, author INT, name TEXT);
INSERT INTO title (category, author, name) VALUES
    (1, 1, 'The Ninth Lighthouse'), (1, 1, 'A Cold Key'), (1, 1, 'Ash on the Fjord'),
    (1, 1, 'The Ferryman''s Alibi'), (1, 2, 'Murder at Low Tide'), (1, 2, 'The Quiet Constable'),
    (1, 2, 'Six Chairs for Supper'), (1, 9, 'Paper Witness'), (1, 9, 'The Ledger Murders'),
    (1, 28, 'Nobody Left the Train'),
    (2, 5, 'The Thorn Cartographer'), (2, 5, 'A Crown of Reeds'), (2, 5, 'The Heron King'),
    (2, 5, 'Daughters of the Weir'), (2, 10, 'The Salt Dragon'), (2, 10, 'Seven Bells Under Snow'),
    (2, 31, 'The Candlewright'), (2, 31, 'House of Borrowed Wings'), (2, 33, 'The Last Beekeeper Mage'),
    (2, 33, 'Ember and Oath'),
    (3, 3, 'What the Tide Kept'), (3, 3, 'The Orchard Letters'), (3, 7, 'A Room Facing North'),
    (3, 7, 'Small Weather'), (3, 7, 'The Understudy'), (3, 8, 'An Afternoon in Lille'),
    (3, 14, 'Inheritance of Dust'), (3, 14, 'The Long Table'), (3, 21, 'Blue Hour, Red Door'),
    (3, 12, 'The Piano Tuner of Kobe'),
    (4, 17, 'Orbit of Strangers'), (4, 17, 'The Copper Moons'), (4, 17, 'Signal Lost at Dawn'),
    (4, 12, 'Tea with the Archive'), (4, 12, 'The Patient Machine'), (4, 13, 'Nine Minutes of Dark'),
    (4, 13, 'Glass Colony'), (4, 30, 'The Gardeners of Io'), (4, 30, 'Half a Sun'),
    (4, 28, 'Return Ticket to Ceres'),
    (5, 11, 'The Glover''s Wife'), (5, 11, 'A Fair at Michaelmas'), (5, 16, 'The Dyer of Prato'),
    (5, 16, 'Bread and Cannon'), (5, 18, 'The Governess of Leith'), (5, 18, 'Candles for the Fleet'),
    (5, 34, 'The Turf Road'), (5, 34, 'Hunger Spring'), (5, 8, 'The Clockmaker of Rouen'),
    (5, 36, 'Tulips at Midnight'),
    (6, 20, 'Pip and the Umbrella Boat'), (6, 20, 'The Wombat Who Knew Chess'),
    (6, 20, 'Goodnight, Lighthouse'), (6, 23, 'The Upside-Down Library'),
    (6, 23, 'Mabel Mends the Moon'), (6, 23, 'Ten Tiny Tugboats'), (6, 19, 'The Very Polite Wolf'),
    (6, 19, 'Where Do Socks Go?'), (6, 25, 'The Snail Express'), (6, 31, 'A Fox in the Post Office'),
    (7, 24, 'The Sunday Kitchen'), (7, 24, 'Pasta for Two Hundred'), (7, 35, 'Lemon, Salt, Smoke'),
    (7, 35, 'The Olive Year'), (7, 25, 'Rye and Butter'), (7, 25, 'Winter Soups'),
    (7, 21, 'The Little Patisserie'), (7, 5, 'Tea-Time Baking'), (7, 9, 'One Pot, Six Friends'),
    (7, 19, 'Pickle Everything'),
    (8, 22, 'Walking the Wild West Coast'), (8, 22, 'Slow Boats of Ireland'),
    (8, 26, 'The Night Train Atlas'), (8, 26, 'Across Canada by Canoe'), (8, 3, 'Forty Days in Alentejo'),
    (8, 29, 'Cycling the Dykes'), (8, 32, 'Huts of the Alps'), (8, 35, 'A Year Without Airports'),
    (8, 36, 'Islands You Can Walk To'), (8, 27, 'The Cheap and the Sublime: Lisbon'),
    (9, 27, 'The Woman Who Weighed Stars'), (9, 27, 'Ada at Her Desk'), (9, 6, 'An Actor''s Debts'),
    (9, 6, 'The Reluctant Admiral'), (9, 15, 'My Mother''s Radio'), (9, 15, 'The Cartoonist'),
    (9, 34, 'Fiddle and Bow'), (9, 4, 'The Baker Who Would Not Bow'), (9, 29, 'Painter of Grey Skies'),
    (9, 14, 'Second Violin'),
    (10, 4, 'A Short History of Salt Roads'), (10, 4, 'The Printers of Mainz'),
    (10, 6, 'Harbour Empires'), (10, 18, 'The Year the River Froze'), (10, 11, 'Letters from the Mill'),
    (10, 16, 'The Bankers'' War'), (10, 26, 'Railways and Revolutions'), (10, 10, 'Bridges of the Danube'),
    (10, 29, 'When the Sea Came In'), (10, 32, 'The Map Thieves'),
    (11, 22, 'The Patient Heron'), (11, 22, 'Notes from a Bog'), (11, 33, 'Reef, Slowly'),
    (11, 32, 'The Secret Forester'), (11, 30, 'Wolves in November'), (11, 13, 'A Field Guide to Clouds'),
    (11, 36, 'The Eel Question'), (11, 2, 'Owls at the Window'), (11, 15, 'Prairie Almanac'),
    (11, 18, 'Moss'),
    (12, 7, 'Tidewrack'), (12, 34, 'Poems for a Turf Fire'), (12, 9, 'Unsent'),
    (12, 21, 'The Colour of Trains'), (12, 12, 'Paper Crane Weather'), (12, 33, 'Salt Grammar'),
    (12, 3, 'Saudade for Beginners'), (12, 23, 'Kitchen Sonnets'), (12, 14, 'A Choir of One'),
    (12, 31, 'Small Hours, Large Moon');

-- One title in five came out while the shop was trading; audiobooks have no pages.
INSERT INTO products
SELECT t.id, t.name, t.category, t.author,
       CASE WHEN t.category = 6 OR t.category = 7 OR r.a % 100 < 28 THEN 'hardback'
            WHEN r.a % 100 < 88 OR t.category = 8 THEN 'paperback' ELSE 'audiobook' END,
       CASE WHEN t.category = 6 THEN 24 + r.b % 72 WHEN t.category = 12 THEN 56 + r.b % 90
            ELSE 168 + r.b % 460 END,
       0, 0,
       CASE WHEN r.d % 100 < 5 THEN 0 ELSE 3 + r.d % 140 END,
       CASE WHEN t.id * 47 % 120 % 5 = 2 THEN date('2024-02-06', '+' || (r.e % 940 / 7 * 7) || ' days')
            ELSE date('2023-11-21', '-' || (r.e % 9100) || ' days') END
FROM title t JOIN roll r ON r.n = t.id;

UPDATE products SET pages = NULL WHERE format = 'audiobook';
UPDATE products SET price =
    (CASE format WHEN 'hardback' THEN 18 WHEN 'paperback' THEN 9 ELSE 14 END
     + CASE category_id WHEN 7 THEN 9 WHEN 6 THEN -7 WHEN 12 THEN -1 WHEN 10 THEN 6 WHEN 9 THEN 4
                        WHEN 8 THEN 5 ELSE 0 END
     + (SELECT f % 7 FROM roll WHERE n = products.id))
    + CASE id % 3 WHEN 0 THEN 0.5 ELSE 0.99 END;
UPDATE products SET cost = round(price * (48 + (SELECT c % 17 FROM roll WHERE n = products.id)) / 100.0, 2);

INSERT INTO stores (id, name, city, country, opened_on, floor_space) VALUES
    (1, 'Quayside', 'Dublin', 'Ireland', '2009-05-16', 420),
    (2, 'Bloomsbury', 'London', 'United Kingdom', '2014-09-03', 310),
    (3, 'Old Town', 'Edinburgh', 'United Kingdom', '2017-03-25', 180),
    (4, 'Kreuzberg', 'Berlin', 'Germany', '2019-10-12', 260),
    (5, 'Jordaan', 'Amsterdam', 'Netherlands', '2025-03-01', 205),
    (6, 'Marais', 'Paris', 'France', '2021-06-19', 150);

INSERT INTO employees (id, name, job_title, store_id, manager_id, hired_on, salary, password_hash) VALUES
    (1, 'Aoife Brannigan', 'Managing Director', NULL, NULL, '2009-03-02', 98000, ''),
    (2, 'Henrik Solberg', 'Head of Retail', NULL, 1, '2012-08-20', 74000, ''),
    (3, 'Priya Raman', 'Head of Web', NULL, 1, '2018-01-15', 76500, ''),
    (4, 'Nuala Keogh', 'Store Manager', 1, 2, '2011-04-11', 47500, ''),
    (5, 'Oliver Tamblyn', 'Store Manager', 2, 2, '2014-08-01', 49000, ''),
    (6, 'Morag Sinclair', 'Store Manager', 3, 2, '2017-02-13', 44500, ''),
    (7, 'Lena Vogt', 'Store Manager', 4, 2, '2019-09-02', 45500, ''),
    (8, 'Sanne de Wit', 'Store Manager', 5, 2, '2025-01-13', 45000, ''),
    (9, 'Mathilde Perrin', 'Store Manager', 6, 2, '2021-05-03', 46000, ''),
    (10, 'Cian Doherty', 'Bookseller', 1, 4, '2016-10-03', 31500, ''),
    (11, 'Grainne Walsh', 'Bookseller', 1, 4, '2022-03-21', 29500, ''),
    (12, 'Imogen Clarke', 'Bookseller', 2, 5, '2019-06-17', 32500, ''),
    (13, 'Tariq Hussain', 'Bookseller', 2, 5, '2023-02-06', 30500, ''),
    (14, 'Callum Reid', 'Bookseller', 3, 6, '2020-11-09', 29000, ''),
    (15, 'Jan Brandl', 'Bookseller', 4, 7, '2021-08-23', 30000, ''),
    (16, 'Daan Visser', 'Bookseller', 5, 8, '2025-02-10', 29800, ''),
    (17, 'Chloe Martel', 'Bookseller', 6, 9, '2023-09-04', 30200, ''),
    (18, 'Ravi Menon', 'Customer Service', NULL, 3, '2020-05-18', 33500, ''),
    (19, 'Bridget Nolan', 'Customer Service', NULL, 3, '2024-04-08', 31000, ''),
    (20, 'Tomas Herrera', 'Data Analyst', NULL, 3, '2023-06-12', 52000, '');
UPDATE employees SET password_hash =
    'demo$' || (SELECT printf('%05x%05x%05x', a, b, c) FROM roll WHERE n = 900 + employees.id);

-- Where customers live: a share in thousandths, running up to 1,000, and whose names they bear.
CREATE TEMP TABLE place (upto INTEGER PRIMARY KEY, city TEXT, country TEXT, names INT);
INSERT INTO place VALUES
    (125, 'Dublin', 'Ireland', 1), (165, 'Cork', 'Ireland', 1), (195, 'Galway', 'Ireland', 1),
    (295, 'London', 'United Kingdom', 1), (340, 'Edinburgh', 'United Kingdom', 1),
    (370, 'Manchester', 'United Kingdom', 1), (395, 'Bristol', 'United Kingdom', 1),
    (465, 'Berlin', 'Germany', 2), (500, 'Hamburg', 'Germany', 2), (530, 'Munich', 'Germany', 2),
    (550, 'Leipzig', 'Germany', 2), (605, 'Amsterdam', 'Netherlands', 2), (635, 'Utrecht', 'Netherlands', 2),
    (690, 'Paris', 'France', 3), (715, 'Lyon', 'France', 3), (735, 'Lille', 'France', 3),
    (765, 'Stockholm', 'Sweden', 2), (780, 'Malmo', 'Sweden', 2), (810, 'Madrid', 'Spain', 3),
    (830, 'Seville', 'Spain', 3), (850, 'Rome', 'Italy', 3), (865, 'Turin', 'Italy', 3),
    (885, 'Lisbon', 'Portugal', 3), (910, 'New York', 'United States', 1),
    (930, 'Portland', 'United States', 1), (945, 'Chicago', 'United States', 1),
    (960, 'Toronto', 'Canada', 1), (975, 'Vancouver', 'Canada', 1), (990, 'Melbourne', 'Australia', 1),
    (1000, 'Perth', 'Australia', 1);

CREATE TEMP TABLE given (names INT, n INT, first TEXT, last TEXT, PRIMARY KEY (names, n));
INSERT INTO given VALUES
    (1, 0, 'Niamh', 'Gallagher'), (1, 1, 'Arthur', 'Whitcombe'), (1, 2, 'Ciara', 'Doyle'),
    (1, 3, 'George', 'Hadley'), (1, 4, 'Freya', 'MacInnes'), (1, 5, 'Thomas', 'Byrne'),
    (1, 6, 'Ruby', 'Hargreaves'), (1, 7, 'Sean', 'Lennox'), (1, 8, 'Alice', 'Pemberton'),
    (1, 9, 'Harvey', 'Cole'), (1, 10, 'Molly', 'Fitzgerald'), (1, 11, 'Edward', 'Sutton'),
    (1, 12, 'Aisling', 'Moran'), (1, 13, 'Jack', 'Ellison'), (1, 14, 'Hazel', 'Drummond'),
    (1, 15, 'Owen', 'Bradley'), (1, 16, 'Charlotte', 'Rourke'), (1, 17, 'Daniel', 'Ingram'),
    (1, 18, 'Zadie', 'Okafor'), (1, 19, 'Malik', 'Sharma'),
    (2, 0, 'Anke', 'Lindemann'), (2, 1, 'Jonas', 'Bakker'), (2, 2, 'Svea', 'Nystrom'),
    (2, 3, 'Moritz', 'Krause'), (2, 4, 'Lotte', 'van Dijk'), (2, 5, 'Emil', 'Berggren'),
    (2, 6, 'Katrin', 'Albrecht'), (2, 7, 'Sven', 'Hofman'), (2, 8, 'Mila', 'Seidel'),
    (2, 9, 'Pieter', 'Engel'), (2, 10, 'Astrid', 'Lund'), (2, 11, 'Felix', 'Brouwer'),
    (2, 12, 'Johanna', 'Voss'), (2, 13, 'Lars', 'Haas'), (2, 14, 'Nele', 'Sandberg'),
    (2, 15, 'Willem', 'Richter'), (2, 16, 'Greta', 'Mulder'), (2, 17, 'Oskar', 'Falk'),
    (2, 18, 'Elif', 'Yilmaz'), (2, 19, 'Bas', 'Kuiper'),
    (3, 0, 'Camille', 'Fournier'), (3, 1, 'Diego', 'Navarro'), (3, 2, 'Giulia', 'Ferrante'),
    (3, 3, 'Hugo', 'Delacroix'), (3, 4, 'Beatriz', 'Almeida'), (3, 5, 'Antoine', 'Mercier'),
    (3, 6, 'Carmen', 'Ibarra'), (3, 7, 'Luca', 'Bellandi'), (3, 8, 'Manon', 'Girard'),
    (3, 9, 'Rafael', 'Monteiro'), (3, 10, 'Chiara', 'Santini'), (3, 11, 'Julien', 'Leroux'),
    (3, 12, 'Lucia', 'Campos'), (3, 13, 'Marco', 'Galli'), (3, 14, 'Elodie', 'Vasseur'),
    (3, 15, 'Javier', 'Roldan'), (3, 16, 'Francesca', 'Moretti'), (3, 17, 'Nicolas', 'Barbier'),
    (3, 18, 'Amina', 'Benali'), (3, 19, 'Tiago', 'Figueira');

-- Customers are numbered as they joined; the shop gains them a little faster every year.
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 400),
customer AS (
    SELECT number.n, r.a, r.b, r.c, r.d,
           (SELECT upto FROM place WHERE upto > r.e % 1000 ORDER BY upto LIMIT 1) AS upto
    FROM number JOIN roll r ON r.n = 1000 + number.n
),
named AS (
    SELECT customer.*, place.city, place.country, first.first, last.last
    FROM customer
    JOIN place USING (upto)
    JOIN given first ON first.names = place.names AND first.n = customer.n * 37 % 400 / 20
    JOIN given last ON last.names = place.names AND last.n = customer.n * 37 % 20
)
INSERT INTO customers
SELECT n, first || ' ' || last,
       lower(replace(first, ' ', '') || '.' || replace(last, ' ', '')) || '@'
           || CASE a % 3 WHEN 0 THEN 'mail.example' WHEN 1 THEN 'post.example' ELSE 'inbox.example' END,
       city, country,
       date('2023-03-01', '+' || CAST(n * 1330.0 / 400 + n * (400 - n) * 0.0022 + b % 4 AS INTEGER) || ' days'),
       CASE WHEN c % 100 < 58 THEN 1 ELSE 0 END,
       CASE WHEN d % 10 < 7 THEN printf('tok_%06d%06d', c, d) END
FROM named;

-- How eagerly each customer buys, running up over the customers: a few buy much, some nothing.
CREATE TEMP TABLE eagerness (customer_id INTEGER PRIMARY KEY, upto INT, joined_on TEXT);
INSERT INTO eagerness
SELECT c.id,
       sum(CASE WHEN r.f % 100 < 7 THEN 0
                ELSE 40 + r.a % 120 + (r.b / 1000) * (r.b / 1000) / 4000
                     * (r.c / 1000) / 1000 END) OVER (ORDER BY c.id),
       c.joined_on
FROM customers c JOIN roll r ON r.n = 2000 + c.id;
CREATE INDEX temp.eagerness_upto ON eagerness (upto);
CREATE INDEX temp.eagerness_joined ON eagerness (joined_on);

-- How busy each day is, running up over the days: growth, season, weekday and chance.
CREATE TEMP TABLE day (n INTEGER PRIMARY KEY, day TEXT, upto INT);
WITH RECURSIVE calendar (n, day) AS (
    SELECT 0, '2024-01-01'
    UNION ALL
    SELECT n + 1, date(day, '+1 day') FROM calendar WHERE day < '2026-10-31'
),
weight AS (
    SELECT calendar.n, day,
           (1000 + n)
           * CASE strftime('%m', day) WHEN '01' THEN 82 WHEN '02' THEN 78 WHEN '03' THEN 90
                 WHEN '04' THEN 94 WHEN '05' THEN 93 WHEN '06' THEN 101 WHEN '07' THEN 104
                 WHEN '08' THEN 92 WHEN '09' THEN 103 WHEN '10' THEN 110 WHEN '11' THEN 148
                 ELSE 205 END
           * CASE strftime('%w', day) WHEN '0' THEN 108 WHEN '1' THEN 84 WHEN '2' THEN 88
                 WHEN '3' THEN 95 WHEN '4' THEN 100 WHEN '5' THEN 112 ELSE 146 END
           -- The web shop was down for two weeks in May 2025.
           * CASE WHEN day BETWEEN '2025-05-05' AND '2025-05-18' THEN 45 ELSE 100 END
           * (82 + (SELECT a % 37 FROM roll WHERE roll.n = 3000 + calendar.n)) / 1000000 AS weight
    FROM calendar
)
INSERT INTO day SELECT n, day, sum(weight) OVER (ORDER BY n) FROM weight;
CREATE INDEX temp.day_upto ON day (upto);

-- Orders fall on the days in the order of their numbers; shops open at nine, the web never shuts.
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5000),
dated AS (
    SELECT number.n, r.a, r.b, r.c, r.d, r.e, r.f,
           (SELECT day FROM day
            WHERE upto > (2 * number.n - 1) * (SELECT max(upto) FROM day) / 10000
            ORDER BY upto LIMIT 1) AS day
    FROM number JOIN roll r ON r.n = 5000 + number.n
),
bought AS (
    SELECT dated.*,
           (SELECT customer_id FROM eagerness
            WHERE upto > a * (SELECT upto FROM eagerness WHERE joined_on <= dated.day
                              ORDER BY joined_on DESC, customer_id DESC LIMIT 1) / 1000000
            ORDER BY upto LIMIT 1) AS customer_id,
           CASE WHEN b % 100 < 52 + CAST(substr(day, 1, 4) AS INT) % 2024 * 4 THEN 'web'
                WHEN b % 100 < 96 THEN 'store' ELSE 'phone' END AS channel
    FROM dated
),
placed AS (
    SELECT bought.*,
           CASE WHEN channel <> 'store' THEN NULL
                WHEN c % 100 < 30 THEN 1 WHEN c % 100 < 54 THEN 2 WHEN c % 100 < 66 THEN 3
                -- Kreuzberg was closed for repairs in spring 2026; its readers went to Quayside.
                WHEN c % 100 < 80 THEN CASE WHEN day BETWEEN '2026-04-01' AND '2026-05-24' THEN 1 ELSE 4 END
                WHEN c % 100 < 90 THEN CASE WHEN day < '2025-03-01' THEN 2 ELSE 5 END
                ELSE 6 END AS store_id
    FROM bought
)
INSERT INTO orders
SELECT n, customer_id, store_id,
       CASE channel WHEN 'phone' THEN CASE WHEN d % 10 < 6 OR day < '2024-04-08' THEN 18 ELSE 19 END
            WHEN 'store' THEN
                CASE WHEN d % 100 < 30 THEN store_id + 3
                     WHEN store_id = 1 THEN 10 + (d % 100 > 70)
                     WHEN store_id = 2 THEN 12 + (d % 100 > 62)
                     ELSE store_id + 11 END END,
       CASE WHEN day >= '2026-10-24' AND channel <> 'store' AND e % 100 < 70 THEN 'pending'
            WHEN day >= '2026-10-14' AND channel <> 'store' AND e % 100 < 92 THEN 'shipped'
            WHEN e % 1000 < CASE channel WHEN 'web' THEN 62 WHEN 'phone' THEN 90 ELSE 9 END THEN 'cancelled'
            WHEN e % 1000 < CASE channel WHEN 'web' THEN 90 WHEN 'phone' THEN 110 ELSE 24 END THEN 'refunded'
            ELSE 'delivered' END,
       channel,
       day || CASE channel WHEN 'web'
                  THEN printf(' %02d:%02d:%02d', (f % 24 + f / 24 % 24 + 14) / 2 % 24, f % 60, d % 60)
                  ELSE printf(' %02d:%02d:%02d', 9 + f % 10, f / 10 % 60, d % 60) END
FROM placed;

-- What sells, running up over the products, in ordinary months (0), before Christmas (1) and in
-- summer (2). The popularity of a title falls with its rank; categories have their season.
CREATE TEMP TABLE appeal (season INT, upto INT, product_id INT, PRIMARY KEY (season, upto));
INSERT INTO appeal
SELECT season,
       sum(100000 / (p.id * 47 % 120 + 5)
           * CASE p.category_id WHEN 1 THEN 17 WHEN 2 THEN 14 WHEN 3 THEN 12 WHEN 4 THEN 9 WHEN 5 THEN 8
                 WHEN 6 THEN 13 WHEN 7 THEN 9 WHEN 8 THEN 7 WHEN 9 THEN 6 WHEN 10 THEN 6 WHEN 11 THEN 7
                 ELSE 3 END
           * CASE WHEN season = 1 AND p.category_id IN (6, 7) THEN 22
                  WHEN season = 1 AND p.category_id = 8 THEN 5
                  WHEN season = 2 AND p.category_id = 8 THEN 26
                  WHEN season = 2 AND p.category_id IN (1, 11) THEN 13
                  ELSE 10 END + 1)
           OVER (PARTITION BY season ORDER BY p.id),
       p.id
FROM products p, (SELECT 0 AS season UNION ALL SELECT 1 UNION ALL SELECT 2);

-- One to six lines an order. A title that is not out yet is swapped for an older one.
WITH line AS (
    SELECT o.id AS order_id, substr(o.ordered_at, 1, 10) AS day, r.a, r.b, r.c, r.d,
           CASE WHEN substr(o.ordered_at, 6, 2) IN ('11', '12') THEN 1
                WHEN substr(o.ordered_at, 6, 2) IN ('06', '07', '08') THEN 2 ELSE 0 END AS season
    FROM orders o
    JOIN roll size ON size.n = 10000 + o.id
    JOIN roll r ON r.n BETWEEN o.id * 3 + 11000
                       AND o.id * 3 + 11000
                           + (size.a % 100 > 32) + (size.a % 100 > 60) + (size.a % 100 > 79)
                           + (size.a % 100 > 91) + (size.a % 100 > 97)
),
picked AS (
    SELECT line.*,
           (SELECT product_id FROM appeal
            WHERE appeal.season = line.season
              AND upto > (line.a * 31 + line.order_id * 7919) % 1000000
                         * (SELECT max(upto) FROM appeal x WHERE x.season = line.season) / 1000000
            ORDER BY upto LIMIT 1) AS first_choice
    FROM line
),
settled AS (
    SELECT picked.*,
           CASE WHEN (SELECT published_on FROM products WHERE id = first_choice) <= day THEN first_choice
                ELSE (SELECT id FROM products WHERE published_on < '2024-01-01'
                      AND id >= b % 110 ORDER BY id LIMIT 1) END AS product_id
    FROM picked
)
INSERT INTO order_items (order_id, product_id, quantity, unit_price, discount)
SELECT order_id, product_id,
       CASE WHEN c % 100 < 76 THEN 1 WHEN c % 100 < 93 THEN 2 WHEN c % 100 < 98 THEN 3 ELSE 5 + c % 6 END,
       -- Prices went up by a twentieth at the turn of 2025.
       CASE WHEN day < '2025-01-01' THEN round(p.price * 0.95, 2) ELSE p.price END,
       CASE WHEN substr(day, 6, 5) BETWEEN '11-24' AND '11-30' AND d % 100 < 60 THEN 0.2
            WHEN d % 100 < 9 THEN 0.1 WHEN d % 100 < 12 THEN 0.25 ELSE 0 END
FROM settled JOIN products p ON p.id = settled.product_id
GROUP BY order_id, product_id
ORDER BY order_id, product_id;

-- Returns come one to five weeks after a delivered web or telephone order, seldom to a store.
INSERT INTO returns (order_item_id, returned_on, reason, refund)
SELECT i.id, date(o.ordered_at, '+' || (6 + r.b % 29) || ' days'),
       CASE WHEN r.c % 100 < 34 THEN 'arrived damaged' WHEN r.c % 100 < 62 THEN 'changed mind'
            WHEN r.c % 100 < 80 THEN 'wrong item' WHEN r.c % 100 < 93 THEN 'duplicate gift'
            ELSE 'missing pages' END,
       round(i.quantity * i.unit_price * (1 - i.discount), 2)
FROM order_items i
JOIN orders o ON o.id = i.order_id
JOIN products p ON p.id = i.product_id
JOIN roll r ON r.n = 12000 + i.id
WHERE o.status IN ('delivered', 'refunded')
  AND o.ordered_at < '2026-09-26'
  AND (o.status = 'refunded'
       OR r.a % 1000 < CASE o.channel WHEN 'store' THEN 9 ELSE 30 END
                       + CASE p.category_id WHEN 7 THEN 22 WHEN 6 THEN 12 ELSE 0 END)
ORDER BY date(o.ordered_at, '+' || (6 + r.b % 29) || ' days'), i.id;

-- One line in nine is reviewed, and some titles are simply better than others.
WITH judged AS (
    SELECT i.product_id, o.customer_id, date(min(o.ordered_at), '+' || (4 + r.b % 40) || ' days') AS day,
           r.d,
           CASE WHEN r.c % 100 + taste.a % 45 < 22 THEN 1 WHEN r.c % 100 + taste.a % 45 < 34 THEN 2
                WHEN r.c % 100 + taste.a % 45 < 58 THEN 3 WHEN r.c % 100 + taste.a % 45 < 92 THEN 4
                ELSE 5 END AS rating
    FROM order_items i
    JOIN orders o ON o.id = i.order_id
    JOIN roll r ON r.n = 8000 + i.id
    JOIN roll taste ON taste.n = 600 + i.product_id
    WHERE r.a % 9 = 0 AND o.status = 'delivered'
    GROUP BY i.product_id, o.customer_id
)
INSERT INTO reviews (product_id, customer_id, rating, comment, written_on)
SELECT product_id, customer_id, rating,
       CASE WHEN d % 3 > 0 THEN
           CASE rating
               WHEN 1 THEN CASE d % 2 WHEN 0 THEN 'Gave up after a chapter.' ELSE 'Not for me at all.' END
               WHEN 2 THEN CASE d % 2 WHEN 0 THEN 'Slow, and then slower.' ELSE 'Expected more.' END
               WHEN 3 THEN CASE d % 2 WHEN 0 THEN 'Fine for a train ride.' ELSE 'Some good pages.' END
               WHEN 4 THEN CASE d % 2 WHEN 0 THEN 'Lovely, a little long.' ELSE 'Read it in two evenings.' END
               ELSE CASE d % 2 WHEN 0 THEN 'Bought it again as a gift.' ELSE 'The best I read this year.' END
           END
       END,
       day
FROM judged WHERE day <= '2026-10-31' ORDER BY day, product_id, customer_id;

DROP TABLE temp.roll;
DROP TABLE temp.title;
DROP TABLE temp.place;
DROP TABLE temp.given;
DROP TABLE temp.eagerness;
DROP TABLE temp.day;
DROP TABLE temp.appeal;

CREATE INDEX orders_customer ON orders (customer_id);
CREATE INDEX orders_ordered_at ON orders (ordered_at);
CREATE INDEX order_items_product ON order_items (product_id);
CREATE INDEX returns_order_item ON returns (order_item_id);
CREATE INDEX reviews_product ON reviews (product_id);

-- What an order came to, discounts taken off.
CREATE VIEW order_totals AS
SELECT o.id AS order_id, o.customer_id, o.ordered_at, o.status, o.channel,
       sum(i.quantity) AS books,
       sum(i.quantity * i.unit_price * (1 - i.discount)) AS total
FROM orders o JOIN order_items i ON i.order_id = o.id
GROUP BY o.id;

-- How a title is liked and how often it came back.
CREATE VIEW product_ratings AS
SELECT p.id AS product_id, p.title, count(r.id) AS review_count, avg(r.rating) AS average_rating
FROM products p LEFT JOIN reviews r ON r.product_id = p.id
GROUP BY p.id;

COMMIT;
PRAGMA foreign_keys = ON;
