-- A lending library: a schema of the question sets that knows no money but fees and fines.
--
-- Its habits: singular lower-case names, keys that are numbers on cards and covers (`card_no`,
-- `isbn`), a composite key that is referred to as a whole (`copy`), two tables that only connect,
-- dates kept as text, a self-reference, an empty date where something is still to come (a loan that
-- is not back, a fine that is not paid). The rows are the same every time; people and books are
-- invented. Loans run from 2024-01-02 to 2026-04-15.

PRAGMA foreign_keys = OFF;
BEGIN;

CREATE TABLE branch (
    branch_id   INTEGER PRIMARY KEY,
    branch_name TEXT NOT NULL,
    town        TEXT NOT NULL,
    opened_year INTEGER NOT NULL,
    seats       INTEGER NOT NULL,
    has_cafe    BOOLEAN NOT NULL
);

CREATE TABLE librarian (
    staff_no      INTEGER PRIMARY KEY,
    given_name    TEXT NOT NULL,
    family_name   TEXT NOT NULL,
    position      TEXT NOT NULL,
    branch_id     INTEGER NOT NULL REFERENCES branch (branch_id),
    supervisor_no INTEGER REFERENCES librarian (staff_no),
    monthly_pay   NUMERIC NOT NULL,
    started_on    TEXT NOT NULL
);

CREATE TABLE membership (
    code       TEXT PRIMARY KEY,
    label      TEXT NOT NULL,
    yearly_fee NUMERIC NOT NULL,
    max_loans  INTEGER NOT NULL
);

CREATE TABLE member (
    card_no         INTEGER PRIMARY KEY,
    given_name      TEXT NOT NULL,
    family_name     TEXT NOT NULL,
    born_on         TEXT NOT NULL,
    town            TEXT NOT NULL,
    membership_code TEXT NOT NULL REFERENCES membership (code),
    home_branch_id  INTEGER NOT NULL REFERENCES branch (branch_id),
    registered_on   TEXT NOT NULL,
    is_suspended    BOOLEAN NOT NULL
);

CREATE TABLE author (
    author_id   INTEGER PRIMARY KEY,
    name        TEXT NOT NULL,
    nationality TEXT NOT NULL,
    died_year   INTEGER
);

CREATE TABLE book (
    isbn       TEXT PRIMARY KEY,
    title      TEXT NOT NULL,
    language   TEXT NOT NULL,
    pub_year   INTEGER NOT NULL,
    page_count INTEGER NOT NULL,
    publisher  TEXT NOT NULL
);

CREATE TABLE book_author (
    isbn      TEXT NOT NULL REFERENCES book (isbn),
    author_id INTEGER NOT NULL REFERENCES author (author_id),
    PRIMARY KEY (isbn, author_id)
);

CREATE TABLE subject (
    subject_id INTEGER PRIMARY KEY,
    name       TEXT NOT NULL
);

CREATE TABLE book_subject (
    isbn       TEXT NOT NULL REFERENCES book (isbn),
    subject_id INTEGER NOT NULL REFERENCES subject (subject_id),
    PRIMARY KEY (isbn, subject_id)
);

CREATE TABLE copy (
    isbn      TEXT NOT NULL REFERENCES book (isbn),
    copy_no   INTEGER NOT NULL,
    branch_id INTEGER NOT NULL REFERENCES branch (branch_id),
    condition TEXT NOT NULL CHECK (condition IN ('new', 'good', 'worn', 'damaged')),
    bought_on TEXT NOT NULL,
    cost      NUMERIC NOT NULL,
    PRIMARY KEY (isbn, copy_no)
);

CREATE TABLE loan (
    loan_id     INTEGER PRIMARY KEY,
    isbn        TEXT NOT NULL,
    copy_no     INTEGER NOT NULL,
    card_no     INTEGER NOT NULL REFERENCES member (card_no),
    lent_on     TEXT NOT NULL,
    due_on      TEXT NOT NULL,
    returned_on TEXT,
    renewals    INTEGER NOT NULL,
    FOREIGN KEY (isbn, copy_no) REFERENCES copy (isbn, copy_no)
);

CREATE TABLE fine (
    fine_id   INTEGER PRIMARY KEY,
    loan_id   INTEGER NOT NULL REFERENCES loan (loan_id),
    amount    NUMERIC NOT NULL,
    raised_on TEXT NOT NULL,
    paid_on   TEXT
);

CREATE TABLE hold (
    hold_id   INTEGER PRIMARY KEY,
    isbn      TEXT NOT NULL REFERENCES book (isbn),
    card_no   INTEGER NOT NULL REFERENCES member (card_no),
    placed_on TEXT NOT NULL,
    status    TEXT NOT NULL CHECK (status IN ('waiting', 'ready', 'collected', 'expired'))
);

-- Four numbers from 0 to 999,999 a row; the tables below throw their dice here.
CREATE TEMP TABLE roll (n INTEGER PRIMARY KEY, a INT, b INT, c INT, d INT);
WITH RECURSIVE seed (n, a) AS (
    SELECT 1, 31415926
    UNION ALL
    SELECT n + 1, a * 48271 % 2147483647 * 69621 % 2147483647 FROM seed WHERE n < 5000
),
two (n, a, b) AS (SELECT n, a, a * 16807 % 2147483647 FROM seed)
INSERT INTO roll
SELECT n, a / 97 % 1000000, b / 89 % 1000000, a * 39373 % 2147483647 / 83 % 1000000,
       b * 40692 % 2147483647 / 79 % 1000000
FROM two;

INSERT INTO branch VALUES
    (1, 'Central Library', 'Ashford Quay', 1962, 240, 1), (2, 'Riverside', 'Ashford Quay', 1988, 60, 0),
    (3, 'Millgate', 'Dunmore', 1975, 85, 0), (4, 'Northfield', 'Northfield', 2004, 110, 1),
    (5, 'Harbour Street', 'Penwick', 2019, 48, 1);

INSERT INTO librarian VALUES
    (11, 'Winifred', 'Okafor', 'Director', 1, NULL, 5900, '2006-03-01'),
    (12, 'Casper', 'Lindqvist', 'Branch manager', 1, 11, 4350, '2011-09-12'),
    (13, 'Odette', 'Marchand', 'Branch manager', 3, 11, 4100, '2014-01-06'),
    (14, 'Tomasz', 'Wilk', 'Branch manager', 4, 11, 4050, '2009-05-18'),
    (15, 'Ines', 'Carvalho', 'Cataloguer', 1, 12, 3300, '2018-02-19'),
    (16, 'Barnaby', 'Thorne', 'Desk assistant', 1, 12, 2450, '2021-08-02'),
    (17, 'Mei', 'Tanaka', 'Desk assistant', 2, 12, 2480, '2020-10-05'),
    (18, 'Fergus', 'Doyle', 'Desk assistant', 3, 13, 2400, '2023-04-17'),
    (19, 'Lucia', 'Romano', 'Children''s librarian', 4, 14, 3150, '2016-06-27'),
    (20, 'Pavel', 'Horak', 'Desk assistant', 4, 14, 2420, '2024-11-11'),
    (21, 'Saoirse', 'Brennan', 'Branch manager', 5, 11, 3980, '2019-03-25'),
    (22, 'Ahmed', 'Farouk', 'Cataloguer', 5, 21, 3220, '2022-07-04');

INSERT INTO membership VALUES
    ('ADT', 'Adult', 24, 10), ('STU', 'Student', 12, 15), ('CHD', 'Child', 0, 8),
    ('SEN', 'Senior', 10, 12), ('ORG', 'Institution', 80, 40);

INSERT INTO author VALUES
    (1, 'Elspeth Varga', 'Hungarian', NULL), (2, 'Conor Whitlock', 'Irish', NULL),
    (3, 'Hanne Solberg', 'Norwegian', 1998), (4, 'Rafael Ibarra', 'Mexican', NULL),
    (5, 'Miriam Feldstein', 'German', 1971), (6, 'Kwabena Asante', 'Ghanaian', NULL),
    (7, 'Noriko Hayashi', 'Japanese', NULL), (8, 'Lionel Prudhomme', 'French', 2014),
    (9, 'Greta Ahlgren', 'Swedish', NULL), (10, 'Oisin Gallagher', 'Irish', NULL),
    (11, 'Beatriz Quintana', 'Mexican', 2020), (12, 'Jakub Sedlak', 'Czech', NULL),
    (13, 'Ursula Brandt', 'German', NULL), (14, 'Thaddeus Moor', 'British', 1955),
    (15, 'Philippa Standish', 'British', NULL), (16, 'Yusuf Demir', 'Turkish', NULL);

INSERT INTO subject VALUES
    (1, 'Mystery'), (2, 'Romance'), (3, 'Gardening'), (4, 'Astronomy'), (5, 'Philosophy'),
    (6, 'Cooking'), (7, 'Picture Books'), (8, 'Local History'), (9, 'Computing');

CREATE TEMP TABLE word (n INTEGER PRIMARY KEY, adjective TEXT, noun TEXT);
INSERT INTO word VALUES
    (0, 'Silent', 'Lighthouse'), (1, 'Copper', 'Orchard'), (2, 'Borrowed', 'Compass'),
    (3, 'Winter', 'Ferryman'), (4, 'Crooked', 'Staircase'), (5, 'Hidden', 'Meridian'),
    (6, 'Last', 'Apiary'), (7, 'Painted', 'Archive');

-- 64 books; the later a book, the more likely it is in English.
WITH RECURSIVE number (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 63)
INSERT INTO book
SELECT printf('978-%04d', 1000 + number.n * 37), 'The ' || w.adjective || ' ' || v.noun,
       CASE WHEN r.a % 100 < 58 THEN 'English' WHEN r.a % 100 < 74 THEN 'German'
            WHEN r.a % 100 < 88 THEN 'French' ELSE 'Spanish' END,
       1949 + r.b % 77, 60 + number.n * 11 % 640 + r.c % 7,
       CASE r.d % 5 WHEN 0 THEN 'Lanternfish Press' WHEN 1 THEN 'Harrow & Vale' WHEN 2 THEN 'Quayside Books'
                    WHEN 3 THEN 'Edition Nordlicht' ELSE 'Small Hours' END
FROM number JOIN roll r ON r.n = 10 + number.n
JOIN word w ON w.n = number.n / 8 JOIN word v ON v.n = number.n % 8;

INSERT INTO book_author
SELECT b.isbn, 1 + (r.a % 225) * (r.a % 225) % 15 FROM book b JOIN roll r ON r.n = 100 + b.rowid
UNION
SELECT b.isbn, 1 + r.b % 15 FROM book b JOIN roll r ON r.n = 100 + b.rowid WHERE r.c % 100 < 18;

INSERT INTO book_subject
SELECT b.isbn, 1 + r.a % 9 FROM book b JOIN roll r ON r.n = 200 + b.rowid
UNION
SELECT b.isbn, 1 + r.b % 5 FROM book b JOIN roll r ON r.n = 200 + b.rowid WHERE r.c % 100 < 35;

-- One to four copies of every book but the last three, which are on order.
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 4)
INSERT INTO copy
SELECT b.isbn, number.n,
       CASE WHEN r.a % 100 < 44 THEN 1 WHEN r.a % 100 < 58 THEN 2 WHEN r.a % 100 < 74 THEN 3
            WHEN r.a % 100 < 91 THEN 4 ELSE 5 END,
       CASE WHEN r.b % 100 < 21 THEN 'new' WHEN r.b % 100 < 70 THEN 'good'
            WHEN r.b % 100 < 91 THEN 'worn' ELSE 'damaged' END,
       date('2012-01-01', '+' || (r.c % 4380) || ' days'),
       8 + r.d % 2600 / 100.0
FROM book b JOIN number JOIN roll r ON r.n = 300 + b.rowid * 4 + number.n
WHERE b.rowid <= 61 AND number.n <= 1 + b.rowid * 7 % 4;

CREATE TEMP TABLE given (n INTEGER PRIMARY KEY, first TEXT, last TEXT);
INSERT INTO given VALUES
    (0, 'Alma', 'Bright'), (1, 'Benedict', 'Cobb'), (2, 'Clara', 'Dalgaard'), (3, 'Dorian', 'Eze'),
    (4, 'Esther', 'Fontaine'), (5, 'Felix', 'Grimshaw'), (6, 'Greer', 'Hadley'), (7, 'Hugo', 'Ivanov'),
    (8, 'Imogen', 'Jessop'), (9, 'Jonah', 'Kowal'), (10, 'Keziah', 'Lyle'), (11, 'Lorcan', 'Mistry'),
    (12, 'Mabel', 'Novak');

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 150)
INSERT INTO member
SELECT 50000 + number.n, f.first, l.last,
       CASE WHEN r.a % 100 < 48 THEN date('1955-01-01', '+' || (r.b % 16000) || ' days')
            WHEN r.a % 100 < 66 THEN date('2001-01-01', '+' || (r.b % 2200) || ' days')
            WHEN r.a % 100 < 86 THEN date('2012-01-01', '+' || (r.b % 2500) || ' days')
            ELSE date('1936-01-01', '+' || (r.b % 7000) || ' days') END,
       CASE WHEN r.c % 100 < 46 THEN 'Ashford Quay' WHEN r.c % 100 < 65 THEN 'Dunmore'
            WHEN r.c % 100 < 82 THEN 'Northfield' WHEN r.c % 100 < 94 THEN 'Penwick' ELSE 'Old Sallow' END,
       CASE WHEN r.a % 100 < 48 THEN 'ADT' WHEN r.a % 100 < 66 THEN 'STU' WHEN r.a % 100 < 86 THEN 'CHD' ELSE 'SEN' END,
       CASE WHEN r.c % 100 < 36 THEN 1 WHEN r.c % 100 < 46 THEN 2 WHEN r.c % 100 < 65 THEN 3
            WHEN r.c % 100 < 82 THEN 4 ELSE 5 END,
       date('2019-02-01', '+' || (number.n * 17 + r.d % 16) || ' days'),
       r.d % 100 < 6
FROM number JOIN roll r ON r.n = 700 + number.n
JOIN given f ON f.n = number.n * 5 % 169 / 13 JOIN given l ON l.n = number.n * 5 % 169 % 13;

-- Loans go up over the months; a few books and a few people account for many of them.
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1600),
dated AS (
    SELECT number.n, r.a, r.b, r.c, r.d,
           date('2024-01-02', '+' || CAST(833 * (1.3 - 0.3 * number.n / 1600) * number.n / 1600 AS INTEGER) || ' days') AS day
    FROM number JOIN roll r ON r.n = 900 + number.n
)
INSERT INTO loan
SELECT dated.n, c.isbn, c.copy_no, 50001 + (a % 1000) * (a % 1000) / 7000, day, date(day, '+21 days'),
       CASE WHEN day > '2026-03-20' AND d % 100 < 58 OR d % 100 < 2 THEN NULL
            WHEN date(day, '+' || (3 + d % 29) || ' days') > '2026-04-15' THEN NULL
            ELSE date(day, '+' || (3 + d % 29) || ' days') END,
       CASE WHEN c % 100 < 70 THEN 0 WHEN c % 100 < 91 THEN 1 ELSE 2 END
FROM dated JOIN copy c ON c.rowid = 1 + (b % 1000) * (b % 1000) / 7143
WHERE c.rowid <= (SELECT count(*) FROM copy) - 12;

INSERT INTO fine (loan_id, amount, raised_on, paid_on)
SELECT l.loan_id, round((julianday(coalesce(l.returned_on, '2026-04-15')) - julianday(l.due_on)) * 0.35, 2),
       date(l.due_on, '+1 day'),
       CASE WHEN r.a % 100 < 71 AND l.due_on < '2026-03-25' THEN date(l.due_on, '+' || (4 + r.b % 16) || ' days') END
FROM loan l JOIN roll r ON r.n = 2600 + l.loan_id
WHERE coalesce(l.returned_on, '2026-04-15') > l.due_on;

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 160)
INSERT INTO hold
SELECT number.n, b.isbn, 50001 + r.b % 140, date('2025-01-10', '+' || (number.n * 459 / 160) || ' days'),
       CASE WHEN number.n > 140 AND r.c % 100 < 70 THEN 'waiting' WHEN number.n > 132 AND r.c % 100 < 90 THEN 'ready'
            WHEN r.c % 100 < 84 THEN 'collected' ELSE 'expired' END
FROM number JOIN roll r ON r.n = 4300 + number.n JOIN book b ON b.rowid = 1 + (r.a % 800) * (r.a % 800) / 10000;

DROP TABLE temp.roll;
DROP TABLE temp.word;
DROP TABLE temp.given;

COMMIT;
PRAGMA foreign_keys = ON;
