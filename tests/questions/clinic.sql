-- A day clinic: the third schema of the question sets, of another kind than the shop.
--
-- Its habits are what a grown company database has: singular table names, camelCase and
-- abbreviated columns, text codes as keys, a composite key, times as seconds since 1970 (UTC),
-- booleans as 0 and 1, a self-reference, a secret-looking column. The rows are the same every
-- time; people are invented. Appointments run from 2024-01-02 to 2026-06-30.

PRAGMA foreign_keys = OFF;
BEGIN;

CREATE TABLE Department (
    deptCode TEXT PRIMARY KEY,
    deptName TEXT NOT NULL,
    floorNo  INTEGER NOT NULL
);

CREATE TABLE Doctor (
    docId      INTEGER PRIMARY KEY,
    fullName   TEXT NOT NULL,
    specialty  TEXT NOT NULL,
    deptCode   TEXT NOT NULL REFERENCES Department (deptCode),
    headDocId  INTEGER REFERENCES Doctor (docId),
    hiredAt    INTEGER NOT NULL,
    isFullTime INTEGER NOT NULL CHECK (isFullTime IN (0, 1)),
    pinHash    TEXT NOT NULL
);

CREATE TABLE Insurer (
    insCode   TEXT PRIMARY KEY,
    insName   TEXT NOT NULL,
    coverPct  INTEGER NOT NULL,
    isPrivate INTEGER NOT NULL CHECK (isPrivate IN (0, 1))
);

CREATE TABLE Patient (
    patId     INTEGER PRIMARY KEY,
    firstName TEXT NOT NULL,
    lastName  TEXT NOT NULL,
    sex       TEXT NOT NULL CHECK (sex IN ('F', 'M')),
    birthYear INTEGER NOT NULL,
    city      TEXT NOT NULL,
    insCode   TEXT REFERENCES Insurer (insCode),
    isSmoker  INTEGER NOT NULL CHECK (isSmoker IN (0, 1)),
    ssn       TEXT NOT NULL
);

CREATE TABLE Appointment (
    apptId       INTEGER PRIMARY KEY,
    patId        INTEGER NOT NULL REFERENCES Patient (patId),
    docId        INTEGER NOT NULL REFERENCES Doctor (docId),
    startsAt     INTEGER NOT NULL,
    durMin       INTEGER NOT NULL,
    apptStatus   TEXT NOT NULL CHECK (apptStatus IN ('done', 'cancelled', 'no-show', 'booked')),
    isFirstVisit INTEGER NOT NULL CHECK (isFirstVisit IN (0, 1)),
    waitMin      INTEGER
);

CREATE TABLE Treatment (
    trtCode  TEXT PRIMARY KEY,
    trtName  TEXT NOT NULL,
    stdPrice NUMERIC NOT NULL
);

CREATE TABLE ApptTreatment (
    apptId  INTEGER NOT NULL REFERENCES Appointment (apptId),
    trtCode TEXT NOT NULL REFERENCES Treatment (trtCode),
    qty     INTEGER NOT NULL,
    price   NUMERIC NOT NULL,
    PRIMARY KEY (apptId, trtCode)
);

CREATE TABLE Bill (
    billNo   INTEGER PRIMARY KEY,
    apptId   INTEGER NOT NULL UNIQUE REFERENCES Appointment (apptId),
    issuedAt INTEGER NOT NULL,
    amtTotal NUMERIC NOT NULL,
    amtPaid  NUMERIC NOT NULL,
    isPaid   INTEGER NOT NULL CHECK (isPaid IN (0, 1))
);

CREATE TABLE Drug (
    drugId   INTEGER PRIMARY KEY,
    drugName TEXT NOT NULL,
    form     TEXT NOT NULL,
    unitCost NUMERIC NOT NULL
);

CREATE TABLE Prescription (
    rxId      INTEGER PRIMARY KEY,
    apptId    INTEGER NOT NULL REFERENCES Appointment (apptId),
    drugId    INTEGER NOT NULL REFERENCES Drug (drugId),
    packs     INTEGER NOT NULL,
    dailyDose REAL NOT NULL
);

-- Four numbers from 0 to 999,999 a row; the tables below throw their dice here.
CREATE TEMP TABLE roll (n INTEGER PRIMARY KEY, a INT, b INT, c INT, d INT);
WITH RECURSIVE seed (n, a) AS (
    SELECT 1, 19480705
    UNION ALL
    SELECT n + 1, a * 48271 % 2147483647 * 69621 % 2147483647 FROM seed WHERE n < 12000
),
two (n, a, b) AS (SELECT n, a, a * 16807 % 2147483647 FROM seed)
INSERT INTO roll
SELECT n, a / 97 % 1000000, b / 89 % 1000000, a * 39373 % 2147483647 / 83 % 1000000,
       b * 40692 % 2147483647 / 79 % 1000000
FROM two;

INSERT INTO Department VALUES
    ('CAR', 'Cardiology', 2), ('DER', 'Dermatology', 1), ('ORT', 'Orthopaedics', 3),
    ('PED', 'Paediatrics', 1), ('GEN', 'General Practice', 0), ('NEU', 'Neurology', 2);

INSERT INTO Doctor VALUES
    (1, 'Dr Ottilie Marsh', 'Cardiologist', 'CAR', NULL, unixepoch('2011-02-01'), 1, 'x1'),
    (2, 'Dr Emeka Nwosu', 'Cardiologist', 'CAR', 1, unixepoch('2017-09-15'), 1, 'x2'),
    (3, 'Dr Sylvie Laurent', 'Dermatologist', 'DER', NULL, unixepoch('2014-05-12'), 0, 'x3'),
    (4, 'Dr Anton Kessler', 'Surgeon', 'ORT', NULL, unixepoch('2009-11-02'), 1, 'x4'),
    (5, 'Dr Maeve Corrigan', 'Physiotherapist', 'ORT', 4, unixepoch('2020-03-09'), 0, 'x5'),
    (6, 'Dr Hiro Tanabe', 'Surgeon', 'ORT', 4, unixepoch('2022-06-20'), 1, 'x6'),
    (7, 'Dr Paula Estevez', 'Paediatrician', 'PED', NULL, unixepoch('2013-01-14'), 1, 'x7'),
    (8, 'Dr Niels Aagaard', 'Paediatrician', 'PED', 7, unixepoch('2021-10-04'), 0, 'x8'),
    (9, 'Dr Constance Bell', 'General Practitioner', 'GEN', NULL, unixepoch('2008-04-21'), 1, 'x9'),
    (10, 'Dr Imran Qureshi', 'General Practitioner', 'GEN', 9, unixepoch('2016-08-08'), 1, 'x10'),
    (11, 'Dr Tilda Frost', 'General Practitioner', 'GEN', 9, unixepoch('2023-02-27'), 0, 'x11'),
    (12, 'Dr Raoul Dessange', 'Neurologist', 'NEU', NULL, unixepoch('2018-12-03'), 1, 'x12'),
    (13, 'Dr Beatrix Oyelaran', 'Neurologist', 'NEU', 12, unixepoch('2026-05-18'), 1, 'x13');
UPDATE Doctor SET pinHash = (SELECT printf('%06x%06x', a, b) FROM roll WHERE n = 100 + docId);

INSERT INTO Insurer VALUES
    ('NHF', 'National Health Fund', 80, 0), ('ALP', 'Alpina Mutual', 90, 1),
    ('MER', 'Meridian Care', 75, 1), ('COM', 'Commonwell', 70, 0), ('SOL', 'Solace Health', 95, 1);

INSERT INTO Treatment VALUES
    ('CONS', 'Consultation', 60), ('ECG', 'Electrocardiogram', 45), ('ECHO', 'Heart Ultrasound', 140),
    ('XRAY', 'X-ray', 75), ('MRI', 'MRI Scan', 420), ('BLOOD', 'Blood Test', 28),
    ('VACC', 'Vaccination', 35), ('BIOP', 'Skin Biopsy', 160), ('PHYS', 'Physiotherapy Session', 55),
    ('CAST', 'Plaster Cast', 95), ('EEG', 'Brain Wave Recording', 180), ('ALLG', 'Allergy Test', 85);

INSERT INTO Drug VALUES
    (1, 'Cardolin', 'tablet', 0.42), (2, 'Betaprex', 'tablet', 0.31), (3, 'Dermasol', 'cream', 6.8),
    (4, 'Nuvexin', 'tablet', 1.15), (5, 'Paedocough', 'syrup', 4.2), (6, 'Amoxilar', 'tablet', 0.55),
    (7, 'Flexigel', 'cream', 5.1), (8, 'Migranol', 'tablet', 2.35), (9, 'Inhalex', 'inhaler', 18.9),
    (10, 'Vitadrop', 'syrup', 3.6), (11, 'Somnorel', 'tablet', 0.87), (12, 'Zincoral', 'tablet', 0.19);

CREATE TEMP TABLE given (n INTEGER PRIMARY KEY, sex TEXT, first TEXT, last TEXT);
INSERT INTO given VALUES
    (0, 'F', 'Agnes', 'Ballantyne'), (1, 'M', 'Bruno', 'Castellan'), (2, 'F', 'Celeste', 'Dunmore'),
    (3, 'M', 'Dmitri', 'Ekholm'), (4, 'F', 'Edith', 'Farnsworth'), (5, 'M', 'Frank', 'Gruber'),
    (6, 'F', 'Gemma', 'Hollis'), (7, 'M', 'Hamid', 'Iversen'), (8, 'F', 'Irene', 'Jankowski'),
    (9, 'M', 'Jasper', 'Kilbride'), (10, 'F', 'Kirsty', 'Lombardi'), (11, 'M', 'Leon', 'Mbeki'),
    (12, 'F', 'Marta', 'Nakamura'), (13, 'M', 'Neil', 'Osborne'), (14, 'F', 'Olive', 'Prentice'),
    (15, 'M', 'Percy', 'Quist'), (16, 'F', 'Rhona', 'Rosales'), (17, 'M', 'Stefan', 'Strand'),
    (18, 'F', 'Tamsin', 'Tregear');

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 300)
INSERT INTO Patient
SELECT number.n, f.first, l.last, f.sex,
       CASE WHEN r.a % 100 < 22 THEN 2009 + r.b % 15 ELSE 1938 + r.b % 70 END,
       CASE WHEN r.c % 100 < 41 THEN 'Lindenau' WHEN r.c % 100 < 63 THEN 'Brookford'
            WHEN r.c % 100 < 79 THEN 'Saltmarsh' WHEN r.c % 100 < 91 THEN 'Eastwick' ELSE 'Hollowell' END,
       CASE WHEN r.d % 100 < 42 THEN 'NHF' WHEN r.d % 100 < 58 THEN 'ALP' WHEN r.d % 100 < 73 THEN 'MER'
            WHEN r.d % 100 < 85 THEN 'COM' WHEN r.d % 100 < 93 THEN 'SOL' END,
       CASE WHEN r.a % 100 >= 22 AND r.a / 100 % 100 < 24 THEN 1 ELSE 0 END,
       printf('%03d-%02d-%04d', r.b % 900 + 1, r.c % 90 + 1, r.d % 9000 + 1)
FROM number
JOIN roll r ON r.n = 200 + number.n
JOIN given f ON f.n = number.n * 8 % 361 / 19
JOIN given l ON l.n = number.n * 8 % 361 % 19;

-- Appointments on working days, slightly more of them each year and in winter; a patient's first
-- appointment is the first visit. Those of the last week are partly still to come.
CREATE TEMP TABLE workday (n INTEGER PRIMARY KEY, day TEXT, upto INT);
WITH RECURSIVE calendar (day) AS (
    SELECT '2024-01-02' UNION ALL SELECT date(day, '+1 day') FROM calendar WHERE day < '2026-06-30'
),
weight AS (
    SELECT day, (800 + julianday(day) - julianday('2024-01-01'))
                * CASE WHEN strftime('%m', day) IN ('11', '12', '01', '02') THEN 125
                       WHEN strftime('%m', day) IN ('07', '08') THEN 74 ELSE 100 END
                * CASE strftime('%w', day) WHEN '1' THEN 128 WHEN '5' THEN 82 ELSE 100 END / 10000 AS weight
    FROM calendar WHERE strftime('%w', day) NOT IN ('0', '6')
)
INSERT INTO workday
SELECT row_number() OVER (ORDER BY day), day, CAST(sum(weight) OVER (ORDER BY day) AS INTEGER) FROM weight;
CREATE INDEX temp.workday_upto ON workday (upto);

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 3000),
dated AS (
    SELECT number.n, r.a, r.b, r.c, r.d, s.a AS e, s.b AS f,
           (SELECT day FROM workday
            WHERE upto > (2 * number.n - 1) * (SELECT max(upto) FROM workday) / 6000
            ORDER BY upto LIMIT 1) AS day,
           1 + (r.a % 1000) * (r.a % 1000 + 600) / 1600 * 285 / 1000 AS patId
    FROM number
    JOIN roll r ON r.n = 1000 + number.n
    JOIN roll s ON s.n = 4000 + number.n
),
staffed AS (
    SELECT dated.*, p.birthYear,
           CASE WHEN p.birthYear > 2008 THEN CASE WHEN b % 100 < 58 THEN 7 ELSE 8 END
                WHEN b % 100 < 15 THEN 9 WHEN b % 100 < 28 THEN 10 WHEN b % 100 < 38 THEN 11
                WHEN b % 100 < 48 THEN 1 WHEN b % 100 < 58 THEN 2 WHEN b % 100 < 69 THEN 3
                WHEN b % 100 < 77 THEN 4 WHEN b % 100 < 85 THEN 5 WHEN b % 100 < 91 THEN 6
                ELSE 12 END AS docId
    FROM dated JOIN Patient p USING (patId)
)
INSERT INTO Appointment
SELECT n, patId, docId,
       unixepoch(day) + (8 + c % 9) * 3600 + (c / 9 % 4) * 900,
       CASE docId WHEN 12 THEN 40 WHEN 5 THEN 45 WHEN 4 THEN 30 WHEN 6 THEN 30 ELSE 15 END + d % 2 * 5,
       CASE WHEN day > '2026-06-24' AND e % 100 < 55 THEN 'booked'
            WHEN e % 100 < 7 THEN 'cancelled' WHEN e % 100 < 12 THEN 'no-show' ELSE 'done' END,
       row_number() OVER (PARTITION BY patId ORDER BY n) = 1,
       CASE WHEN day > '2026-06-24' AND e % 100 < 55 OR e % 100 < 12 THEN NULL
            ELSE 2 + (f % 19) + CASE docId WHEN 12 THEN 9 WHEN 9 THEN 6 WHEN 3 THEN 4 ELSE 0 END END
FROM staffed;

-- Everyone who came had a consultation; what else was done depends on the department.
INSERT INTO ApptTreatment
SELECT apptId, 'CONS', 1, CASE WHEN isFirstVisit THEN 90 ELSE 60 END FROM Appointment WHERE apptStatus = 'done';
INSERT INTO ApptTreatment
SELECT a.apptId, t.trtCode, CASE WHEN t.trtCode IN ('PHYS', 'ALLG') THEN 1 + r.d % 3 ELSE 1 END,
       CASE WHEN a.startsAt < unixepoch('2025-01-01') THEN t.stdPrice ELSE round(t.stdPrice * 1.04, 2) END
FROM Appointment a
JOIN Doctor d USING (docId)
JOIN roll r ON r.n = 7000 + a.apptId
JOIN Treatment t ON t.trtCode = CASE d.deptCode
    WHEN 'CAR' THEN CASE WHEN r.a % 100 < 48 THEN 'ECG' WHEN r.a % 100 < 74 THEN 'ECHO' WHEN r.a % 100 < 90 THEN 'BLOOD' END
    WHEN 'DER' THEN CASE WHEN r.a % 100 < 24 THEN 'BIOP' WHEN r.a % 100 < 60 THEN 'ALLG' END
    WHEN 'ORT' THEN CASE WHEN r.a % 100 < 38 THEN 'XRAY' WHEN r.a % 100 < 70 THEN 'PHYS' WHEN r.a % 100 < 79 THEN 'CAST' WHEN r.a % 100 < 87 THEN 'MRI' END
    WHEN 'PED' THEN CASE WHEN r.a % 100 < 44 THEN 'VACC' WHEN r.a % 100 < 58 THEN 'BLOOD' WHEN r.a % 100 < 64 THEN 'ALLG' END
    WHEN 'NEU' THEN CASE WHEN r.a % 100 < 36 THEN 'EEG' WHEN r.a % 100 < 61 THEN 'MRI' END
    ELSE CASE WHEN r.a % 100 < 37 THEN 'BLOOD' WHEN r.a % 100 < 52 THEN 'VACC' WHEN r.a % 100 < 57 THEN 'ECG' END
    END
WHERE a.apptStatus = 'done';

INSERT INTO Bill
SELECT row_number() OVER (ORDER BY a.apptId) + 70000, a.apptId, a.startsAt / 86400 * 86400 + (1 + r.b % 6) * 86400,
       total, CASE WHEN r.c % 100 < 88 OR a.startsAt < unixepoch('2025-06-01') AND r.c % 100 < 95 THEN total
                   WHEN r.c % 100 < 97 THEN round(total / 2, 2) ELSE 0 END,
       r.c % 100 < 88 OR a.startsAt < unixepoch('2025-06-01') AND r.c % 100 < 95
FROM Appointment a
JOIN (SELECT apptId, sum(qty * price) AS total FROM ApptTreatment GROUP BY apptId) USING (apptId)
JOIN roll r ON r.n = 8000 + a.apptId;

INSERT INTO Prescription (apptId, drugId, packs, dailyDose)
SELECT a.apptId,
       CASE d.deptCode WHEN 'CAR' THEN 1 + r.b % 2 WHEN 'DER' THEN 3 + r.b % 10 / 8 * 3
            WHEN 'ORT' THEN CASE WHEN r.b % 10 < 7 THEN 7 ELSE 4 END WHEN 'PED' THEN CASE WHEN r.b % 10 < 6 THEN 5 ELSE 10 END
            WHEN 'NEU' THEN CASE WHEN r.b % 10 < 7 THEN 8 ELSE 11 END
            ELSE CASE WHEN r.b % 10 < 5 THEN 6 WHEN r.b % 10 < 8 THEN 9 ELSE 4 END END,
       1 + r.c % 3, CASE r.d % 4 WHEN 0 THEN 0.5 WHEN 1 THEN 1 WHEN 2 THEN 2 ELSE 3 END
FROM Appointment a JOIN Doctor d USING (docId) JOIN roll r ON r.n = 8500 + a.apptId
WHERE a.apptStatus = 'done' AND r.a % 100 < 46
ORDER BY a.apptId;

DROP TABLE temp.roll;
DROP TABLE temp.given;
DROP TABLE temp.workday;

COMMIT;
PRAGMA foreign_keys = ON;
