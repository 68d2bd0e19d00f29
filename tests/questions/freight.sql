-- A freight company: a schema of the question sets where one table is referred to twice.
--
-- Its habits: plural PascalCase names with ID, units inside the names of columns (`WeightKg`), Y and N
-- for yes and no, two references from one table to another (a shipment comes from a depot and goes to
-- one), a table between shipments and trips, a composite key, a self-reference, dates with and
-- without a time of day. The rows are the same every time; firms and people are invented. Trips and
-- shipments run from 2024-07-01 to 2026-09-10.

PRAGMA foreign_keys = OFF;
BEGIN;

CREATE TABLE Depots (
    DepotID    INTEGER PRIMARY KEY,
    DepotName  TEXT NOT NULL,
    City       TEXT NOT NULL,
    Country    TEXT NOT NULL,
    CapacityM2 INTEGER NOT NULL,
    OpenAtNight TEXT NOT NULL CHECK (OpenAtNight IN ('Y', 'N'))
);

CREATE TABLE Drivers (
    DriverID     INTEGER PRIMARY KEY,
    DriverName   TEXT NOT NULL,
    HomeDepotID  INTEGER NOT NULL REFERENCES Depots (DepotID),
    LicenceClass TEXT NOT NULL,
    HireDate     DATE NOT NULL,
    HourlyWage   NUMERIC NOT NULL,
    MentorID     INTEGER REFERENCES Drivers (DriverID)
);

CREATE TABLE Trucks (
    PlateNo   TEXT PRIMARY KEY,
    Make      TEXT NOT NULL,
    FuelType  TEXT NOT NULL,
    MaxLoadKg INTEGER NOT NULL,
    BuiltYear INTEGER NOT NULL,
    DepotID   INTEGER NOT NULL REFERENCES Depots (DepotID),
    InService TEXT NOT NULL CHECK (InService IN ('Y', 'N'))
);

CREATE TABLE Clients (
    ClientID      INTEGER PRIMARY KEY,
    CompanyName   TEXT NOT NULL,
    Industry      TEXT NOT NULL,
    City          TEXT NOT NULL,
    Country       TEXT NOT NULL,
    ContractSince DATE NOT NULL,
    CreditLimit   NUMERIC NOT NULL,
    IsActive      TEXT NOT NULL CHECK (IsActive IN ('Y', 'N'))
);

CREATE TABLE Shipments (
    ShipmentNo    INTEGER PRIMARY KEY,
    ClientID      INTEGER NOT NULL REFERENCES Clients (ClientID),
    OriginDepotID INTEGER NOT NULL REFERENCES Depots (DepotID),
    DestDepotID   INTEGER NOT NULL REFERENCES Depots (DepotID),
    BookedAt      DATETIME NOT NULL,
    DeliveredAt   DATETIME,
    Priority      TEXT NOT NULL CHECK (Priority IN ('standard', 'express', 'overnight')),
    Status        TEXT NOT NULL CHECK (Status IN ('booked', 'in transit', 'delivered', 'lost')),
    WeightKg      REAL NOT NULL,
    Price         NUMERIC NOT NULL,
    Insured       TEXT NOT NULL CHECK (Insured IN ('Y', 'N'))
);

CREATE TABLE GoodsTypes (
    TypeCode    TEXT PRIMARY KEY,
    Description TEXT NOT NULL,
    Hazardous   TEXT NOT NULL CHECK (Hazardous IN ('Y', 'N'))
);

CREATE TABLE ShipmentItems (
    ShipmentNo    INTEGER NOT NULL REFERENCES Shipments (ShipmentNo),
    LineNo        INTEGER NOT NULL,
    TypeCode      TEXT NOT NULL REFERENCES GoodsTypes (TypeCode),
    Pallets       INTEGER NOT NULL,
    DeclaredValue NUMERIC NOT NULL,
    PRIMARY KEY (ShipmentNo, LineNo)
);

CREATE TABLE Trips (
    TripID     INTEGER PRIMARY KEY,
    PlateNo    TEXT NOT NULL REFERENCES Trucks (PlateNo),
    DriverID   INTEGER NOT NULL REFERENCES Drivers (DriverID),
    DepartedAt DATETIME NOT NULL,
    DistanceKm INTEGER NOT NULL,
    FuelLitres REAL NOT NULL,
    TollCost   NUMERIC NOT NULL
);

CREATE TABLE TripShipments (
    TripID     INTEGER NOT NULL REFERENCES Trips (TripID),
    ShipmentNo INTEGER NOT NULL REFERENCES Shipments (ShipmentNo),
    PRIMARY KEY (TripID, ShipmentNo)
);

CREATE TABLE Incidents (
    IncidentID   INTEGER PRIMARY KEY,
    TripID       INTEGER NOT NULL REFERENCES Trips (TripID),
    Kind         TEXT NOT NULL CHECK (Kind IN ('delay', 'damage', 'breakdown', 'theft', 'accident')),
    ReportedOn   DATE NOT NULL,
    CostEstimate NUMERIC,
    Resolved     TEXT NOT NULL CHECK (Resolved IN ('Y', 'N'))
);

-- Four numbers from 0 to 999,999 a row; the tables below throw their dice here.
CREATE TEMP TABLE roll (n INTEGER PRIMARY KEY, a INT, b INT, c INT, d INT);
WITH RECURSIVE seed (n, a) AS (
    SELECT 1, 27182818
    UNION ALL
    SELECT n + 1, a * 48271 % 2147483647 * 69621 % 2147483647 FROM seed WHERE n < 8000
),
two (n, a, b) AS (SELECT n, a, a * 16807 % 2147483647 FROM seed)
INSERT INTO roll
SELECT n, a / 97 % 1000000, b / 89 % 1000000, a * 39373 % 2147483647 / 83 % 1000000,
       b * 40692 % 2147483647 / 79 % 1000000
FROM two;

INSERT INTO Depots VALUES
    (1, 'Rotterdam Maasvlakte', 'Rotterdam', 'Netherlands', 18500, 'Y'),
    (2, 'Antwerp North', 'Antwerp', 'Belgium', 14200, 'Y'), (3, 'Lyon Est', 'Lyon', 'France', 9700, 'N'),
    (4, 'Hamburg Altona', 'Hamburg', 'Germany', 16100, 'Y'), (5, 'Munich Riem', 'Munich', 'Germany', 7400, 'N'),
    (6, 'Milan Segrate', 'Milan', 'Italy', 8800, 'N'), (7, 'Poznan West', 'Poznan', 'Poland', 11300, 'Y');

INSERT INTO Drivers VALUES
    (101, 'Joost van Dalen', 1, 'CE', '2012-04-02', 27.5, NULL), (102, 'Marieke Bos', 1, 'CE', '2019-10-14', 24.2, 101),
    (103, 'Luc Peeters', 2, 'CE', '2015-01-19', 25.9, NULL), (104, 'Amelie Girard', 3, 'C', '2020-06-08', 22.4, 103),
    (105, 'Dieter Vogt', 4, 'CE', '2008-09-01', 29.1, NULL), (106, 'Svenja Harms', 4, 'C', '2022-02-21', 21.8, 105),
    (107, 'Korbinian Huber', 5, 'CE', '2016-11-07', 25.2, 105), (108, 'Giulia Conti', 6, 'CE', '2018-03-12', 23.7, 107),
    (109, 'Piotr Zielinski', 7, 'CE', '2013-08-26', 19.4, NULL), (110, 'Agnieszka Mazur', 7, 'C', '2023-05-15', 17.2, 109),
    (111, 'Bram Willems', 2, 'B', '2024-01-08', 18.6, 103), (112, 'Enzo Ferri', 6, 'B', '2025-09-22', 18.1, 108),
    (113, 'Hanna Novotna', 5, 'C', '2026-07-06', 20.5, 107);

INSERT INTO Trucks VALUES
    ('NL-44-KX', 'Volvo', 'diesel', 24000, 2019, 1, 'Y'), ('NL-51-PT', 'DAF', 'diesel', 22000, 2021, 1, 'Y'),
    ('BE-1-QRV', 'Scania', 'diesel', 26000, 2018, 2, 'Y'), ('BE-2-HJK', 'Renault', 'electric', 9000, 2024, 2, 'Y'),
    ('FR-208-LY', 'Renault', 'diesel', 19000, 2017, 3, 'Y'), ('HH-AL-77', 'MAN', 'diesel', 25000, 2020, 4, 'Y'),
    ('HH-AL-90', 'Mercedes', 'electric', 11000, 2025, 4, 'Y'), ('M-RK-310', 'MAN', 'gas', 18000, 2022, 5, 'Y'),
    ('MI-559-B', 'Iveco', 'gas', 17500, 2021, 6, 'Y'), ('PO-3X-81', 'Scania', 'diesel', 24500, 2016, 7, 'Y'),
    ('PO-9C-02', 'Volvo', 'diesel', 23000, 2014, 7, 'N'), ('HH-AL-12', 'Mercedes', 'diesel', 21000, 2012, 4, 'N');

INSERT INTO Clients VALUES
    (1, 'Bluewater Foods', 'food', 'Rotterdam', 'Netherlands', '2016-05-01', 80000, 'Y'),
    (2, 'Kessler Maschinenbau', 'machinery', 'Munich', 'Germany', '2018-09-15', 120000, 'Y'),
    (3, 'Petit Jardin', 'retail', 'Lyon', 'France', '2020-02-10', 25000, 'Y'),
    (4, 'Vestri Moda', 'fashion', 'Milan', 'Italy', '2019-11-20', 60000, 'Y'),
    (5, 'Polchem', 'chemicals', 'Poznan', 'Poland', '2017-03-06', 150000, 'Y'),
    (6, 'Hansa Elektro', 'electronics', 'Hamburg', 'Germany', '2021-06-30', 95000, 'Y'),
    (7, 'De Smet Brewery', 'food', 'Antwerp', 'Belgium', '2015-10-12', 40000, 'Y'),
    (8, 'Nordwind Pharma', 'pharma', 'Hamburg', 'Germany', '2022-01-17', 200000, 'Y'),
    (9, 'Casa Lume', 'retail', 'Milan', 'Italy', '2023-04-03', 15000, 'Y'),
    (10, 'Tulip & Sons', 'food', 'Utrecht', 'Netherlands', '2014-08-25', 10000, 'N'),
    (11, 'Alpenglas', 'machinery', 'Innsbruck', 'Austria', '2024-03-18', 35000, 'Y'),
    (12, 'Brava Toys', 'retail', 'Lyon', 'France', '2026-08-19', 5000, 'Y');

INSERT INTO GoodsTypes VALUES
    ('FOOD', 'Chilled food', 'N'), ('BEV', 'Beverages', 'N'), ('MACH', 'Machine parts', 'N'),
    ('CLTH', 'Clothing', 'N'), ('CHEM', 'Chemicals', 'Y'), ('ELEC', 'Consumer electronics', 'N'),
    ('MED', 'Medicines', 'N'), ('BATT', 'Batteries', 'Y'), ('FURN', 'Furniture', 'N'), ('ART', 'Works of art', 'N');

-- More shipments every month, most of them from the ports.
WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 1800),
dated AS (
    SELECT number.n, r.a, r.b, r.c, r.d, s.a AS e, s.b AS f, s.c AS g,
           datetime('2024-07-01 05:30', '+' || CAST(1152000 * (1.36 - 0.36 * number.n / 1800) * number.n / 1800 AS INTEGER) || ' minutes') AS at
    FROM number JOIN roll r ON r.n = 100 + number.n JOIN roll s ON s.n = 2000 + number.n
),
placed AS (
    SELECT dated.*, 1 + (a % 100) * (a % 100) / 910 AS client,
           CASE WHEN b % 100 < 27 THEN 1 WHEN b % 100 < 47 THEN 2 WHEN b % 100 < 55 THEN 3 WHEN b % 100 < 75 THEN 4
                WHEN b % 100 < 83 THEN 5 WHEN b % 100 < 92 THEN 6 ELSE 7 END AS origin,
           round(40 + (c % 1000) * (c % 1000) / 110.0, 1) AS kilos,
           CASE WHEN d % 100 < 64 THEN 'standard' WHEN d % 100 < 90 THEN 'express' ELSE 'overnight' END AS hurry
    FROM dated
)
INSERT INTO Shipments
SELECT 300000 + n, client, origin, 1 + (origin + e % 6) % 7, at,
       CASE WHEN at < '2026-09-03' AND f % 1000 >= 8 THEN datetime(at, '+' ||
            (CASE hurry WHEN 'overnight' THEN 10 WHEN 'express' THEN 22 ELSE 40 END + f % 60) || ' hours') END,
       hurry,
       CASE WHEN at >= '2026-09-08' THEN 'booked' WHEN at >= '2026-09-03' THEN 'in transit'
            WHEN f % 1000 < 8 THEN 'lost' ELSE 'delivered' END,
       kilos, round((35 + kilos * 0.081) * CASE hurry WHEN 'overnight' THEN 2.1 WHEN 'express' THEN 1.4 ELSE 1 END, 2),
       CASE WHEN g % 100 < 37 THEN 'Y' ELSE 'N' END
FROM placed;

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 2)
INSERT INTO ShipmentItems
SELECT s.ShipmentNo, number.n,
       CASE c.Industry WHEN 'food' THEN CASE WHEN r.a % 10 < 6 THEN 'FOOD' ELSE 'BEV' END
            WHEN 'machinery' THEN 'MACH' WHEN 'fashion' THEN 'CLTH' WHEN 'chemicals' THEN 'CHEM'
            WHEN 'electronics' THEN CASE WHEN r.a % 10 < 7 THEN 'ELEC' ELSE 'BATT' END WHEN 'pharma' THEN 'MED'
            ELSE CASE WHEN r.a % 10 < 5 THEN 'FURN' ELSE 'CLTH' END END,
       1 + r.b % 6, 200 + r.c % 9000
FROM Shipments s JOIN Clients c USING (ClientID) JOIN number
JOIN roll r ON r.n = 3900 + (s.ShipmentNo - 300000) * 2 + number.n
WHERE number.n = 1 OR r.d % 100 < 30;

WITH RECURSIVE number (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 620),
driven AS (
    SELECT number.n, r.a, r.b, r.c, r.d, t.PlateNo, t.FuelType,
           datetime('2024-07-02 04:00', '+' || (number.n * 1855 + r.c % 700) || ' minutes') AS at, 180 + r.d % 940 AS km
    FROM number JOIN roll r ON r.n = 200 + number.n * 3 JOIN Trucks t ON t.rowid = 1 + (r.a % 100) * (r.a % 100) / 910
)
INSERT INTO Trips
SELECT n, PlateNo, 101 + (b % 100) * (b % 100) / 835, at, km,
       CASE FuelType WHEN 'electric' THEN 0 ELSE round(km * (24 + c % 9) / 100.0, 1) END, round(km * 0.17 + a % 12, 2)
FROM driven;

INSERT INTO TripShipments
SELECT t.TripID, s.ShipmentNo FROM Shipments s
JOIN Trips t ON t.TripID = 1 + (s.ShipmentNo - 300000) * 615 / 1800 WHERE s.Status <> 'booked';
INSERT INTO TripShipments
SELECT t.TripID, s.ShipmentNo FROM Shipments s
JOIN Trips t ON t.TripID = 4 + (s.ShipmentNo - 300000) * 615 / 1800 WHERE s.ShipmentNo % 5 = 0 AND s.Status <> 'booked';

INSERT INTO Incidents
SELECT row_number() OVER (ORDER BY t.TripID), t.TripID,
       CASE WHEN r.b % 100 < 46 THEN 'delay' WHEN r.b % 100 < 69 THEN 'damage' WHEN r.b % 100 < 85 THEN 'breakdown'
            WHEN r.b % 100 < 94 THEN 'accident' ELSE 'theft' END,
       date(t.DepartedAt, '+1 day'), CASE WHEN r.b % 100 >= 46 THEN 120 + r.c % 7800 END,
       CASE WHEN t.DepartedAt < '2026-06-01' AND r.d % 100 < 90 THEN 'Y' ELSE 'N' END
FROM Trips t JOIN roll r ON r.n = 7000 + t.TripID WHERE r.a % 100 < 19;

DROP TABLE temp.roll;

COMMIT;
PRAGMA foreign_keys = ON;
