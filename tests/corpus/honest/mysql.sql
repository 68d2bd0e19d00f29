--- artist_list: all artists
SELECT * FROM Artist

--- artist_list_ordered: artists in alphabetical order
SELECT `ArtistId`, `Name` FROM `Artist` ORDER BY `Name`

--- genre_first_ten: first ten genres
SELECT GenreId, Name FROM Genre ORDER BY GenreId LIMIT 10

--- track_count: how many tracks are there
select count(*) from Track

--- track_count_alias: number of tracks, named
SELECT COUNT(*) AS total_tracks FROM `Track`;

--- revenue_total: total revenue
SELECT SUM(Total) AS revenue FROM Invoice

--- invoice_measures: several measures in one row
SELECT COUNT(*) AS invoices, SUM(Total) AS revenue, AVG(Total) AS average_invoice, MIN(Total) AS smallest, MAX(Total) AS largest FROM Invoice

--- countries_distinct: countries of our customers
SELECT DISTINCT `Country` FROM `Customer` ORDER BY `Country`

--- countries_count_distinct: number of countries
SELECT COUNT(DISTINCT Country) AS countries FROM Customer

--- city_country_distinct: distinct pairs
select distinct Country, City from Customer order by 1, 2

--- top_products: top 5 products by revenue
SELECT t.`Name` AS product, SUM(il.`UnitPrice` * il.`Quantity`) AS revenue
FROM `InvoiceLine` il
JOIN `Track` t ON t.`TrackId` = il.`TrackId`
GROUP BY t.`TrackId`, t.`Name`
ORDER BY revenue DESC, product, t.`TrackId`
LIMIT 5

--- top_artists: top ten artists by revenue, four tables
SELECT ar.Name AS artist, SUM(il.UnitPrice * il.Quantity) AS revenue
FROM Artist ar
JOIN Album al ON al.ArtistId = ar.ArtistId
JOIN Track t ON t.AlbumId = al.AlbumId
JOIN InvoiceLine il ON il.TrackId = t.TrackId
GROUP BY ar.ArtistId, ar.Name
ORDER BY revenue DESC, artist
LIMIT 10

--- top_customers: best customers
SELECT c.CustomerId, c.FirstName, c.LastName, SUM(i.Total) AS lifetime_value
FROM Customer AS c
INNER JOIN Invoice AS i ON i.CustomerId = c.CustomerId
GROUP BY c.CustomerId, c.FirstName, c.LastName
ORDER BY lifetime_value DESC, c.CustomerId
LIMIT 10

--- revenue_by_country: revenue by billing country
SELECT `BillingCountry`, SUM(`Total`) AS revenue FROM `Invoice` GROUP BY `BillingCountry` ORDER BY revenue DESC, `BillingCountry`

--- revenue_by_country_having: countries over 100
SELECT BillingCountry AS country, SUM(Total) AS revenue FROM Invoice GROUP BY BillingCountry HAVING SUM(Total) > 100 ORDER BY 2 DESC, 1

--- having_two: having with two conditions
select BillingCountry, count(*) as n, avg(Total) as average from Invoice group by BillingCountry having count(*) >= 7 and avg(Total) > 5.5 order by n desc, BillingCountry

--- having_without_group: having over the whole table
SELECT SUM(`Total`) AS revenue FROM `Invoice` HAVING COUNT(*) > 400

--- group_position: group by position
SELECT BillingCountry, BillingCity, COUNT(*) FROM Invoice GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20

--- genre_tracks: tracks per genre
SELECT g.Name, COUNT(t.TrackId) AS tracks FROM Genre g LEFT JOIN Track t ON t.GenreId = g.GenreId GROUP BY g.GenreId, g.Name ORDER BY tracks DESC, g.Name

--- right_join: media types with no track shown too
SELECT m.`Name` AS media_type, COUNT(t.`TrackId`) AS tracks FROM `Track` t RIGHT JOIN `MediaType` m ON m.`MediaTypeId` = t.`MediaTypeId` GROUP BY m.`Name` ORDER BY m.`Name`

--- right_outer_join: right outer join spelled out
SELECT ar.Name, al.Title FROM Album al RIGHT OUTER JOIN Artist ar ON ar.ArtistId = al.ArtistId WHERE al.AlbumId IS NULL ORDER BY ar.Name LIMIT 25

--- cross_join: every genre with every media type
SELECT g.`Name` AS genre, m.`Name` AS media_type FROM `Genre` g CROSS JOIN `MediaType` m ORDER BY g.`GenreId`, m.`MediaTypeId`

--- comma_join: old style join
SELECT al.Title, ar.Name FROM Album al, Artist ar WHERE al.ArtistId = ar.ArtistId ORDER BY al.AlbumId LIMIT 50

--- comma_join_three: old style join of three tables
SELECT ar.Name, COUNT(*) AS tracks FROM Artist ar, Album al, Track t WHERE ar.ArtistId = al.ArtistId AND al.AlbumId = t.AlbumId GROUP BY ar.Name ORDER BY tracks DESC, ar.Name LIMIT 10

--- using_join: join with using
SELECT `Title`, `Name` FROM `Album` JOIN `Artist` USING (`ArtistId`) ORDER BY `Title` LIMIT 30

--- using_join_many: several joins with using
SELECT ar.Name, COUNT(il.InvoiceLineId) AS sold FROM Artist ar JOIN Album al USING (ArtistId) JOIN Track t USING (AlbumId) JOIN InvoiceLine il USING (TrackId) GROUP BY ar.Name ORDER BY sold DESC, ar.Name LIMIT 15

--- using_two_columns: using with the merged column selected
select InvoiceId, count(*) as line_count, max(Total) as total from Invoice inner join InvoiceLine using (InvoiceId) group by InvoiceId order by line_count desc, InvoiceId limit 10

--- natural_join: natural join
SELECT `Title`, `Name` FROM `Album` NATURAL JOIN `Artist` ORDER BY `AlbumId` LIMIT 12

--- self_join_customers: customers in the same city
SELECT a.FirstName AS first, b.FirstName AS second, a.City FROM Customer a JOIN Customer b ON a.City = b.City AND a.CustomerId < b.CustomerId ORDER BY a.City, a.CustomerId, b.CustomerId

--- self_join_albums: pairs of albums of one artist
SELECT x.Title AS album_one, y.Title AS album_two FROM Album x INNER JOIN Album y ON x.ArtistId = y.ArtistId AND x.AlbumId < y.AlbumId ORDER BY x.AlbumId, y.AlbumId LIMIT 40

--- non_equi_join: price bands by non-equi join
SELECT b.label, COUNT(*) AS invoices FROM (SELECT 'small' AS label, 0 AS low, 3 AS high UNION ALL SELECT 'medium', 3, 10 UNION ALL SELECT 'large', 10, 1000) b JOIN `Invoice` i ON i.`Total` >= b.low AND i.`Total` < b.high GROUP BY b.label ORDER BY b.label

--- join_parentheses: nested join in parentheses
SELECT c.LastName, i.InvoiceId, il.InvoiceLineId FROM Customer c LEFT JOIN (Invoice i JOIN InvoiceLine il ON il.InvoiceId = i.InvoiceId) ON i.CustomerId = c.CustomerId WHERE c.Country = 'Norway' ORDER BY il.InvoiceLineId

--- join_on_or: join condition with or
select c.CustomerId, count(i.InvoiceId) as n from Customer c join Invoice i on i.CustomerId = c.CustomerId and (i.BillingCity = c.City or i.BillingState = c.State) group by c.CustomerId order by c.CustomerId

--- anti_join: artists without albums by anti join
SELECT ar.`ArtistId`, ar.`Name` FROM `Artist` ar LEFT JOIN `Album` al ON al.`ArtistId` = ar.`ArtistId` WHERE al.`AlbumId` IS NULL ORDER BY ar.`ArtistId`

--- anti_join_exists: tracks never sold
SELECT COUNT(*) AS never_sold FROM Track t WHERE NOT EXISTS (SELECT 1 FROM InvoiceLine il WHERE il.TrackId = t.TrackId)

--- in_subquery: tracks on the playlist Grunge
SELECT Name FROM Track WHERE TrackId IN (SELECT pt.TrackId FROM PlaylistTrack pt JOIN Playlist p ON p.PlaylistId = pt.PlaylistId WHERE p.Name = 'Grunge') ORDER BY Name

--- not_in_subquery: customers who did not buy in 2025
SELECT `FirstName`, `LastName` FROM `Customer` WHERE `CustomerId` NOT IN (SELECT `CustomerId` FROM `Invoice` WHERE `InvoiceDate` >= '2025-01-01') ORDER BY `CustomerId`

--- exists_subquery: customers with an invoice over 20
SELECT c.LastName FROM Customer c WHERE EXISTS (SELECT * FROM Invoice i WHERE i.CustomerId = c.CustomerId AND i.Total > 20) ORDER BY c.LastName

--- scalar_subquery_where: invoices above the average
select InvoiceId, Total from Invoice where Total > (select avg(Total) from Invoice) order by Total desc, InvoiceId limit 20

--- scalar_subquery_select: each country's share of revenue
SELECT `BillingCountry`, SUM(`Total`) AS revenue, ROUND(100.0 * SUM(`Total`) / (SELECT SUM(`Total`) FROM `Invoice`), 2) AS percent_of_total FROM `Invoice` GROUP BY `BillingCountry` ORDER BY revenue DESC, `BillingCountry`

--- correlated_select: number of albums by correlated subquery
SELECT ar.Name, (SELECT COUNT(*) FROM Album al WHERE al.ArtistId = ar.ArtistId) AS albums FROM Artist ar ORDER BY albums DESC, ar.Name LIMIT 10

--- correlated_max: last invoice of every customer
SELECT i.CustomerId, i.InvoiceId, i.InvoiceDate FROM Invoice i WHERE i.InvoiceDate = (SELECT MAX(i2.InvoiceDate) FROM Invoice i2 WHERE i2.CustomerId = i.CustomerId) ORDER BY i.CustomerId

--- row_in: pairs in a subquery
SELECT `InvoiceId`, `BillingCountry`, `Total` FROM `Invoice` WHERE (`BillingCountry`, `Total`) IN (SELECT `BillingCountry`, MAX(`Total`) FROM `Invoice` GROUP BY `BillingCountry`) ORDER BY `BillingCountry`, `InvoiceId`

--- derived_table: average of sums
SELECT AVG(spent) AS average_customer_value FROM (SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId) AS per_customer

--- derived_table_join: joined derived tables
select c.Country, s.spent from Customer c join (select CustomerId, sum(Total) as spent from Invoice group by CustomerId) s on s.CustomerId = c.CustomerId order by s.spent desc, c.CustomerId limit 5

--- derived_nested: three levels of derived tables
SELECT country_rank.country FROM (SELECT country, revenue FROM (SELECT `BillingCountry` AS country, SUM(`Total`) AS revenue FROM `Invoice` GROUP BY `BillingCountry`) AS sums WHERE revenue > 50) AS country_rank ORDER BY country_rank.revenue DESC, country_rank.country

--- cte_simple: a common table expression
WITH revenue AS (SELECT CustomerId, SUM(Total) AS amount FROM Invoice GROUP BY CustomerId) SELECT c.FirstName, c.LastName, r.amount FROM revenue r JOIN Customer c ON c.CustomerId = r.CustomerId ORDER BY r.amount DESC, c.CustomerId LIMIT 10

--- cte_two: two expressions, the second reads the first
WITH line_revenue AS (
  SELECT t.GenreId, il.UnitPrice * il.Quantity AS amount FROM InvoiceLine il JOIN Track t ON t.TrackId = il.TrackId
), genre_revenue AS (
  SELECT GenreId, SUM(amount) AS amount FROM line_revenue GROUP BY GenreId
)
SELECT g.Name, gr.amount FROM genre_revenue gr JOIN Genre g ON g.GenreId = gr.GenreId ORDER BY gr.amount DESC, g.Name

--- cte_columns: expression with a column list
WITH spending (customer, amount) AS (SELECT `CustomerId`, SUM(`Total`) FROM `Invoice` GROUP BY `CustomerId`) SELECT customer, amount FROM spending WHERE amount > 40 ORDER BY amount DESC, customer

--- cte_shadow: an expression named as a table, of which it is a part
WITH Invoice AS (SELECT InvoiceId, CustomerId, Total FROM Invoice WHERE Total > 10) SELECT COUNT(*) AS n, SUM(Total) AS revenue FROM Invoice

--- cte_shadow_other: an expression named as another table
with Genre as (select GenreId, count(*) as tracks from Track group by GenreId) select GenreId, tracks from Genre order by tracks desc, GenreId limit 5

--- cte_nested: an expression within an expression
WITH outer_part AS (WITH inner_part AS (SELECT `CustomerId`, COUNT(*) AS n FROM `Invoice` GROUP BY `CustomerId`) SELECT n, COUNT(*) AS customers FROM inner_part GROUP BY n) SELECT n, customers FROM outer_part ORDER BY n

--- cte_in_subquery: an expression inside a derived table
SELECT x.country, x.n FROM (WITH by_country AS (SELECT Country AS country, COUNT(*) AS n FROM Customer GROUP BY Country) SELECT country, n FROM by_country WHERE n > 2) x ORDER BY x.n DESC, x.country

--- cte_twice: an expression used twice
WITH yearly AS (SELECT YEAR(InvoiceDate) AS y, SUM(Total) AS revenue FROM Invoice GROUP BY YEAR(InvoiceDate)) SELECT a.y, a.revenue, b.revenue AS year_before FROM yearly a LEFT JOIN yearly b ON b.y = a.y - 1 ORDER BY a.y

--- cte_four: four expressions in a row
WITH a AS (SELECT `CustomerId`, SUM(`Total`) AS spent FROM `Invoice` GROUP BY `CustomerId`), b AS (SELECT AVG(spent) AS average FROM a), c AS (SELECT a.`CustomerId`, a.spent - b.average AS distance FROM a CROSS JOIN b), d AS (SELECT `CustomerId`, distance FROM c WHERE distance > 0) SELECT COUNT(*) AS above_average, MAX(distance) AS furthest FROM d

--- recursive_numbers: numbers from one to ten
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n ORDER BY i

--- recursive_months: revenue of each month of 2023, empty months too
with recursive months (m) as (select 1 union all select m + 1 from months where m < 12) select months.m as month_of_year, coalesce(sum(i.Total), 0) as revenue from months left join Invoice i on month(i.InvoiceDate) = months.m and year(i.InvoiceDate) = 2023 group by months.m order by months.m

--- recursive_years: years without sales
WITH RECURSIVE years AS (SELECT 2019 AS y UNION ALL SELECT y + 1 FROM years WHERE y < 2027) SELECT y FROM years WHERE y NOT IN (SELECT YEAR(`InvoiceDate`) FROM `Invoice`) ORDER BY y

--- revenue_by_year: revenue per year
SELECT YEAR(InvoiceDate) AS sales_year, SUM(Total) AS revenue FROM Invoice GROUP BY YEAR(InvoiceDate) ORDER BY sales_year

--- revenue_by_month: revenue per month
SELECT DATE_FORMAT(InvoiceDate, '%Y-%m') AS sales_month, SUM(Total) AS revenue, COUNT(*) AS invoices FROM Invoice GROUP BY DATE_FORMAT(InvoiceDate, '%Y-%m') ORDER BY sales_month

--- revenue_by_month_alias: month grouped by the alias
SELECT DATE_FORMAT(i.`InvoiceDate`, '%Y-%m') AS ym, SUM(i.`Total`) AS revenue FROM `Invoice` i GROUP BY ym ORDER BY ym DESC LIMIT 12

--- revenue_month_start: first day of month
SELECT DATE_FORMAT(InvoiceDate, '%Y-%m-01') AS month_start, SUM(Total) AS revenue FROM Invoice GROUP BY 1 ORDER BY 1

--- year_month_pivot: years by quarter, conditional sums
select year(InvoiceDate) as y,
  sum(case when month(InvoiceDate) between 1 and 3 then Total else 0 end) as q1,
  sum(case when month(InvoiceDate) between 4 and 6 then Total else 0 end) as q2,
  sum(case when month(InvoiceDate) between 7 and 9 then Total else 0 end) as q3,
  sum(case when month(InvoiceDate) between 10 and 12 then Total else 0 end) as q4
from Invoice
group by year(InvoiceDate)
order by y

--- date_range: invoices of the first quarter of 2024
SELECT `InvoiceId`, `InvoiceDate`, `Total` FROM `Invoice` WHERE `InvoiceDate` BETWEEN '2024-01-01' AND '2024-03-31' ORDER BY `InvoiceDate`, `InvoiceId`

--- date_half_open: half open range
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate >= '2022-06-01' AND InvoiceDate < '2022-07-01'

--- year_filter: one year
SELECT BillingCountry, SUM(Total) AS revenue FROM Invoice WHERE YEAR(InvoiceDate) = 2024 GROUP BY BillingCountry ORDER BY revenue DESC, BillingCountry LIMIT 5

--- first_last_purchase: first and last purchase
SELECT `CustomerId`, MIN(`InvoiceDate`) AS first_purchase, MAX(`InvoiceDate`) AS last_purchase, DATEDIFF(MAX(`InvoiceDate`), MIN(`InvoiceDate`)) AS days_between FROM `Invoice` GROUP BY `CustomerId` ORDER BY days_between DESC, `CustomerId` LIMIT 10

--- yoy_growth: growth over the year before
WITH yearly AS (SELECT YEAR(InvoiceDate) AS y, SUM(Total) AS revenue FROM Invoice GROUP BY YEAR(InvoiceDate)) SELECT y, revenue, LAG(revenue) OVER (ORDER BY y) AS previous, ROUND(100.0 * (revenue - LAG(revenue) OVER (ORDER BY y)) / LAG(revenue) OVER (ORDER BY y), 1) AS growth_percent FROM yearly ORDER BY y

--- mom_growth: growth over the month before
with monthly as (select date_format(InvoiceDate, '%Y-%m') as ym, sum(Total) as revenue from Invoice group by date_format(InvoiceDate, '%Y-%m')), compared as (select ym, revenue, lag(revenue, 1) over (order by ym) as earlier from monthly) select ym, revenue, revenue - earlier as difference from compared where earlier is not null order by ym

--- running_total: running total of revenue
SELECT InvoiceDate, Total, SUM(Total) OVER (ORDER BY InvoiceDate, InvoiceId) AS running_total FROM Invoice ORDER BY InvoiceDate, InvoiceId LIMIT 100

--- running_total_rows: running total with a frame
SELECT InvoiceId, SUM(Total) OVER (ORDER BY InvoiceId ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM Invoice ORDER BY InvoiceId

--- running_total_short_frame: frame with a single bound
SELECT `InvoiceId`, SUM(`Total`) OVER (PARTITION BY `BillingCountry` ORDER BY `InvoiceId` ROWS UNBOUNDED PRECEDING) AS running FROM `Invoice` ORDER BY `BillingCountry`, `InvoiceId`

--- moving_average: moving average of three months
WITH monthly AS (SELECT DATE_FORMAT(InvoiceDate, '%Y-%m') AS ym, SUM(Total) AS revenue FROM Invoice GROUP BY DATE_FORMAT(InvoiceDate, '%Y-%m')) SELECT ym, revenue, AVG(revenue) OVER (ORDER BY ym ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving_average FROM monthly ORDER BY ym

--- centered_average: centred average
with monthly as (select date_format(InvoiceDate, '%Y-%m') as ym, sum(Total) as revenue from Invoice group by date_format(InvoiceDate, '%Y-%m')) select ym, avg(revenue) over (order by ym rows between 1 preceding and 1 following) as centred from monthly order by ym

--- range_frame: frame by range
SELECT `InvoiceId`, `Total`, COUNT(*) OVER (ORDER BY `Total` RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS cheaper_or_equal FROM `Invoice` ORDER BY `Total`, `InvoiceId`

--- rows_following: what is still to come
SELECT InvoiceId, SUM(Total) OVER (ORDER BY InvoiceId ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS still_to_come FROM Invoice ORDER BY InvoiceId LIMIT 10

--- named_window: named window used twice
SELECT InvoiceId, BillingCountry, ROW_NUMBER() OVER w AS n, SUM(Total) OVER w AS running FROM Invoice WINDOW w AS (PARTITION BY BillingCountry ORDER BY InvoiceDate, InvoiceId) ORDER BY BillingCountry, n

--- row_number_latest: newest invoice per customer
SELECT `CustomerId`, `InvoiceId`, `Total` FROM (SELECT i.*, ROW_NUMBER() OVER (PARTITION BY i.`CustomerId` ORDER BY i.`InvoiceDate` DESC, i.`InvoiceId` DESC) AS rn FROM `Invoice` i) ranked WHERE rn = 1 ORDER BY `CustomerId`

--- rank_country: rank of countries
SELECT BillingCountry, SUM(Total) AS revenue, RANK() OVER (ORDER BY SUM(Total) DESC) AS position FROM Invoice GROUP BY BillingCountry ORDER BY position, BillingCountry

--- dense_rank_top3: three best tracks of each genre
with sold as (select g.Name as genre, t.Name as track, sum(il.Quantity) as quantity from InvoiceLine il join Track t on t.TrackId = il.TrackId join Genre g on g.GenreId = t.GenreId group by g.Name, t.Name), ranked as (select genre, track, quantity, DENSE_RANK() over (partition by genre order by quantity desc) as place from sold) select genre, track, quantity, place from ranked where place <= 1 order by genre, track

--- ntile_quartiles: customers in four groups
SELECT `CustomerId`, spent, NTILE(4) OVER (ORDER BY spent DESC, `CustomerId`) AS quartile FROM (SELECT `CustomerId`, SUM(`Total`) AS spent FROM `Invoice` GROUP BY `CustomerId`) s ORDER BY quartile, `CustomerId`

--- percent_rank: relative rank
SELECT CustomerId, spent, PERCENT_RANK() OVER (ORDER BY spent) AS relative_rank, CUME_DIST() OVER (ORDER BY spent) AS share FROM (SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId) s ORDER BY spent, CustomerId

--- first_last_value: first and last value
SELECT DISTINCT CustomerId, FIRST_VALUE(Total) OVER (PARTITION BY CustomerId ORDER BY InvoiceDate, InvoiceId) AS first_total, LAST_VALUE(Total) OVER (PARTITION BY CustomerId ORDER BY InvoiceDate, InvoiceId ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_total FROM Invoice ORDER BY CustomerId

--- nth_value: second invoice
SELECT DISTINCT `CustomerId`, NTH_VALUE(`InvoiceId`, 2) OVER (PARTITION BY `CustomerId` ORDER BY `InvoiceDate`, `InvoiceId` ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second_invoice FROM `Invoice` ORDER BY `CustomerId`

--- lead_gap: days until the next purchase
SELECT CustomerId, InvoiceDate, DATEDIFF(LEAD(InvoiceDate) OVER (PARTITION BY CustomerId ORDER BY InvoiceDate), InvoiceDate) AS days_to_next FROM Invoice ORDER BY CustomerId, InvoiceDate

--- share_of_partition: share within the country
select BillingCountry, BillingCity, sum(Total) as revenue, round(100.0 * sum(Total) / sum(sum(Total)) over (partition by BillingCountry), 1) as percent_of_country from Invoice group by BillingCountry, BillingCity order by BillingCountry, revenue desc, BillingCity

--- cumulative_share: pareto of customers
WITH s AS (SELECT `CustomerId`, SUM(`Total`) AS spent FROM `Invoice` GROUP BY `CustomerId`), c AS (SELECT `CustomerId`, spent, SUM(spent) OVER (ORDER BY spent DESC, `CustomerId`) AS cumulative, SUM(spent) OVER () AS everything FROM s) SELECT `CustomerId`, spent, ROUND(100.0 * cumulative / everything, 2) AS cumulative_percent FROM c ORDER BY cumulative, `CustomerId`

--- abc_analysis: ABC classes of products
WITH sales AS (SELECT TrackId, SUM(UnitPrice * Quantity) AS revenue FROM InvoiceLine GROUP BY TrackId), shares AS (SELECT TrackId, revenue, SUM(revenue) OVER (ORDER BY revenue DESC, TrackId) / SUM(revenue) OVER () AS share FROM sales) SELECT CASE WHEN share <= 0.8 THEN 'A' WHEN share <= 0.95 THEN 'B' ELSE 'C' END AS class, COUNT(*) AS products, SUM(revenue) AS revenue FROM shares GROUP BY CASE WHEN share <= 0.8 THEN 'A' WHEN share <= 0.95 THEN 'B' ELSE 'C' END ORDER BY class

--- cohort: cohorts by year of the first purchase
WITH first_buy AS (SELECT CustomerId, MIN(YEAR(InvoiceDate)) AS cohort FROM Invoice GROUP BY CustomerId) SELECT f.cohort, YEAR(i.InvoiceDate) - f.cohort AS years_later, COUNT(DISTINCT i.CustomerId) AS customers, SUM(i.Total) AS revenue FROM first_buy f JOIN Invoice i ON i.CustomerId = f.CustomerId GROUP BY f.cohort, YEAR(i.InvoiceDate) - f.cohort ORDER BY f.cohort, years_later

--- retention: customers who bought in two years running
SELECT a.y, COUNT(DISTINCT a.`CustomerId`) AS customers, COUNT(DISTINCT b.`CustomerId`) AS came_back FROM (SELECT DISTINCT `CustomerId`, YEAR(`InvoiceDate`) AS y FROM `Invoice`) a LEFT JOIN (SELECT DISTINCT `CustomerId`, YEAR(`InvoiceDate`) AS y FROM `Invoice`) b ON b.`CustomerId` = a.`CustomerId` AND b.y = a.y + 1 GROUP BY a.y ORDER BY a.y

--- market_basket: genres bought together
SELECT g1.Name AS genre_one, g2.Name AS genre_two, COUNT(DISTINCT l1.InvoiceId) AS together FROM InvoiceLine l1 JOIN InvoiceLine l2 ON l1.InvoiceId = l2.InvoiceId JOIN Track t1 ON t1.TrackId = l1.TrackId JOIN Track t2 ON t2.TrackId = l2.TrackId JOIN Genre g1 ON g1.GenreId = t1.GenreId JOIN Genre g2 ON g2.GenreId = t2.GenreId WHERE g1.GenreId < g2.GenreId GROUP BY g1.Name, g2.Name ORDER BY together DESC, g1.Name, g2.Name LIMIT 10

--- basket_size: distribution of basket sizes
select line_count, count(*) as invoices from (select InvoiceId, count(*) as line_count from InvoiceLine group by InvoiceId) b group by line_count order by line_count

--- rfm: recency, frequency, money
WITH rfm AS (SELECT `CustomerId`, MAX(`InvoiceDate`) AS recency, COUNT(*) AS frequency, SUM(`Total`) AS money FROM `Invoice` GROUP BY `CustomerId`) SELECT `CustomerId`, NTILE(5) OVER (ORDER BY recency, `CustomerId`) AS r, NTILE(5) OVER (ORDER BY frequency, `CustomerId`) AS f, NTILE(5) OVER (ORDER BY money, `CustomerId`) AS m FROM rfm ORDER BY `CustomerId`

--- segment_case: segments by case
SELECT segment, COUNT(*) AS customers FROM (SELECT CASE WHEN SUM(Total) >= 45 THEN 'gold' WHEN SUM(Total) >= 40 THEN 'silver' ELSE 'bronze' END AS segment FROM Invoice GROUP BY CustomerId) x GROUP BY segment ORDER BY segment

--- case_simple: simple case
SELECT Name, CASE MediaTypeId WHEN 3 THEN 'video' ELSE 'audio' END AS kind FROM Track ORDER BY TrackId LIMIT 20

--- case_in_order: case in order by
SELECT `Country`, COUNT(*) AS n FROM `Customer` GROUP BY `Country` ORDER BY CASE WHEN `Country` = 'USA' THEN 0 WHEN `Country` = 'Canada' THEN 1 ELSE 2 END, `Country`

--- case_nested: nested case
SELECT InvoiceId, CASE WHEN Total > 10 THEN CASE WHEN BillingCountry = 'USA' THEN 'large, home' ELSE 'large, abroad' END ELSE 'small' END AS kind FROM Invoice ORDER BY InvoiceId LIMIT 50

--- case_no_else: case without else
select BillingCountry, count(case when Total > 10 then 1 end) as large_invoices from Invoice group by BillingCountry order by 2 desc, 1

--- coalesce: missing company
SELECT CustomerId, COALESCE(Company, 'private person') AS company FROM Customer ORDER BY CustomerId

--- coalesce_three: first that is there
SELECT `CustomerId`, COALESCE(`State`, `City`, `Country`, 'unknown') AS place FROM `Customer` ORDER BY `CustomerId`

--- nullif: avoid division by zero
SELECT g.Name, SUM(il.Quantity) / NULLIF(COUNT(DISTINCT il.InvoiceId), 0) AS per_invoice FROM Genre g LEFT JOIN Track t ON t.GenreId = g.GenreId LEFT JOIN InvoiceLine il ON il.TrackId = t.TrackId GROUP BY g.GenreId, g.Name ORDER BY g.Name

--- is_null: customers without company
select count(*) as without_company from Customer where Company is null

--- is_not_null: customers with state and company
SELECT `FirstName`, `LastName` FROM `Customer` WHERE `Company` IS NOT NULL AND `State` IS NOT NULL ORDER BY `CustomerId`

--- null_share: share of missing values
SELECT ROUND(100.0 * SUM(CASE WHEN Composer IS NULL THEN 1 ELSE 0 END) / COUNT(*), 2) AS percent_missing FROM Track

--- like_prefix: tracks beginning with Love
SELECT Name FROM Track WHERE Name LIKE 'Love%' ORDER BY Name

--- like_middle: tracks about love
SELECT COUNT(*) AS n FROM `Track` WHERE LOWER(`Name`) LIKE '%love%'

--- not_like: mail addresses not at gmail
SELECT Email FROM Customer WHERE Email NOT LIKE '%@gmail.com' ORDER BY Email

--- like_underscore: single character wildcard
select distinct Country from Customer where Country like '_S_' order by Country

--- like_or: several patterns
SELECT `Name` FROM `Artist` WHERE `Name` LIKE 'The %' OR `Name` LIKE '% Band' ORDER BY `Name`

--- in_list: three countries
SELECT FirstName, LastName, Country FROM Customer WHERE Country IN ('USA', 'Canada', 'Brazil') ORDER BY Country, LastName, FirstName

--- not_in_list: other countries
SELECT Country, COUNT(*) FROM Customer WHERE Country NOT IN ('USA', 'Canada') GROUP BY Country ORDER BY Country

--- in_numbers: list of numbers
SELECT `Name` FROM `Genre` WHERE `GenreId` IN (1, 2, 3, 5, 8, 13) ORDER BY `GenreId`

--- between_numbers: tracks between four and five minutes
SELECT COUNT(*) FROM Track WHERE Milliseconds BETWEEN 240000 AND 300000

--- not_between: neither cheap nor dear
select InvoiceId from Invoice where Total not between 1 and 15 order by InvoiceId

--- and_or_not: boolean logic
SELECT `CustomerId` FROM `Customer` WHERE (`Country` = 'USA' OR `Country` = 'Canada') AND NOT (`State` IS NULL) AND `Company` IS NULL ORDER BY `CustomerId`

--- not_equal_signs: both signs for not equal
SELECT COUNT(*) FROM Track WHERE GenreId <> 1 AND MediaTypeId != 3

--- union_all: counts of tables
SELECT 'albums' AS what, COUNT(*) AS n FROM Album UNION ALL SELECT 'artists', COUNT(*) FROM Artist UNION ALL SELECT 'tracks', COUNT(*) FROM Track

--- union_distinct: places of customers and invoices
SELECT `Country` AS place FROM `Customer` UNION SELECT `BillingCountry` FROM `Invoice` ORDER BY place

--- union_limit: set operation with limit
SELECT Name FROM Genre UNION SELECT Name FROM MediaType ORDER BY 1 LIMIT 7

--- intersect: names of both artist and album
select Name from Artist intersect select Title from Album order by 1

--- except: countries with customers but without large invoices
SELECT `Country` FROM `Customer` EXCEPT SELECT `BillingCountry` FROM `Invoice` WHERE `Total` > 20 ORDER BY 1

--- union_in_derived: union in a derived table
SELECT kind, COUNT(*) AS n FROM (SELECT 'artist' AS kind, Name FROM Artist UNION ALL SELECT 'album', Title FROM Album UNION ALL SELECT 'track', Name FROM Track) names WHERE CHAR_LENGTH(Name) > 20 GROUP BY kind ORDER BY kind

--- union_in_cte: union in an expression
WITH everything AS (SELECT AlbumId AS id, Title AS label FROM Album UNION ALL SELECT ArtistId, Name FROM Artist) SELECT COUNT(*) AS n, COUNT(DISTINCT label) AS labels FROM everything

--- total_row: sum row below the table
SELECT `BillingCountry` AS country, SUM(`Total`) AS revenue FROM `Invoice` WHERE `BillingCountry` IN ('Chile', 'India') GROUP BY `BillingCountry` UNION ALL SELECT 'all', SUM(`Total`) FROM `Invoice` WHERE `BillingCountry` IN ('Chile', 'India')

--- limit_offset: second page
SELECT TrackId, Name FROM Track ORDER BY TrackId LIMIT 20 OFFSET 20

--- order_expression: order by an expression
select TrackId, Name from Track order by Milliseconds / 60000 desc, TrackId limit 10

--- order_mixed: mixed directions
SELECT `Country`, `State`, `City` FROM `Customer` ORDER BY `Country` ASC, `City` DESC

--- order_hidden: order by a column that is not selected
SELECT Name FROM Track ORDER BY Bytes DESC, TrackId LIMIT 5

--- order_aggregate: order by an aggregate
SELECT BillingCity FROM Invoice GROUP BY BillingCity ORDER BY SUM(Total) DESC, BillingCity LIMIT 3

--- literals: literals only
select 1 as one, 'text' as words, 2.5 as number, null as missing

--- arithmetic: arithmetic and precedence
SELECT `InvoiceLineId`, `UnitPrice` * `Quantity` * 1.19 AS gross, (`UnitPrice` - 0.5) * 2 AS odd, -`Quantity` AS negative, `Quantity` % 2 AS remainder FROM `InvoiceLine` ORDER BY `InvoiceLineId` LIMIT 10

--- minutes: track length in minutes
SELECT Name, ROUND(Milliseconds / 60000.0, 2) AS minutes FROM Track ORDER BY Milliseconds DESC LIMIT 10

--- album_length: length of albums
SELECT al.Title, SUM(t.Milliseconds) / 1000 AS seconds, COUNT(*) AS tracks FROM Album al JOIN Track t ON t.AlbumId = al.AlbumId GROUP BY al.AlbumId, al.Title HAVING COUNT(*) > 20 ORDER BY seconds DESC, al.AlbumId

--- average_price: average price by media type
SELECT m.`Name`, AVG(t.`UnitPrice`) AS average_price FROM `MediaType` m JOIN `Track` t ON t.`MediaTypeId` = m.`MediaTypeId` GROUP BY m.`Name` ORDER BY average_price DESC, m.`Name`

--- round_abs: round, abs
SELECT InvoiceId, ROUND(Total) AS whole, ABS(Total - 5) AS distance FROM Invoice ORDER BY distance, InvoiceId LIMIT 10

--- upper_lower: upper and lower case
select UPPER(LastName) as last_name, LOWER(Email) as email from Customer order by CustomerId limit 10

--- concat_names: full name
SELECT CONCAT(`FirstName`, ' ', `LastName`) AS full_name FROM `Customer` ORDER BY `LastName`, `FirstName`

--- concat_number: text from a number
SELECT CONCAT(CAST(InvoiceId AS CHAR), ': ', BillingCountry) AS label FROM Invoice ORDER BY InvoiceId LIMIT 5

--- substring: domain of mail addresses
SELECT SUBSTR(Email, LOCATE('@', Email) + 1) AS domain, COUNT(*) AS n FROM Customer GROUP BY SUBSTR(Email, LOCATE('@', Email) + 1) ORDER BY n DESC, domain

--- initials: initials
SELECT CONCAT(SUBSTR(`FirstName`, 1, 1), SUBSTR(`LastName`, 1, 1)) AS initials FROM `Customer` ORDER BY `CustomerId`

--- replace_trim: replace and trim
SELECT REPLACE(Phone, ' ', '') AS phone, TRIM(Fax) AS fax FROM Customer ORDER BY CustomerId LIMIT 10

--- length: longest titles
select Title, CHAR_LENGTH(Title) as characters from Album order by CHAR_LENGTH(Title) desc, Title limit 10

--- cast_decimal: cast to decimal
SELECT `BillingCountry`, CAST(AVG(`Total`) AS DECIMAL(10, 2)) AS average_total FROM `Invoice` GROUP BY `BillingCountry` ORDER BY `BillingCountry`

--- cast_integer: cast to whole number
SELECT FLOOR(Total) AS whole, COUNT(*) AS n FROM Invoice GROUP BY FLOOR(Total) ORDER BY whole

--- histogram: histogram of totals in steps of five
SELECT FLOOR(Total / 5) * 5 AS bucket, COUNT(*) AS invoices FROM Invoice GROUP BY FLOOR(Total / 5) * 5 ORDER BY bucket

--- text_aggregate: genres in one line
SELECT GROUP_CONCAT(`Name` ORDER BY `Name` SEPARATOR ', ') AS genres FROM `Genre`

--- text_aggregate_group: albums of each artist
SELECT ar.Name, GROUP_CONCAT(al.Title ORDER BY al.Title SEPARATOR '; ') AS albums FROM Artist ar JOIN Album al ON al.ArtistId = ar.ArtistId GROUP BY ar.ArtistId, ar.Name HAVING COUNT(*) > 5 ORDER BY ar.Name

--- quoted_aliases: aliases with blanks
select BillingCountry as `Billing country`, sum(Total) as `Total revenue (USD)` from Invoice group by BillingCountry order by `Total revenue (USD)` desc, `Billing country`

--- alias_equals_column: alias equal to a column
SELECT `CustomerId`, SUM(`Total`) AS `Total` FROM `Invoice` GROUP BY `CustomerId` ORDER BY SUM(`Total`) DESC, `CustomerId` LIMIT 5

--- alias_equals_table: alias equal to a table
SELECT Album.Title FROM Track AS Album_tracks JOIN Album ON Album.AlbumId = Album_tracks.AlbumId WHERE Album_tracks.TrackId = 1

--- alias_swapped: aliases that are names of other tables
SELECT Genre.Name FROM MediaType AS Genre ORDER BY Genre.MediaTypeId

--- unqualified_join: unqualified columns in a join
SELECT `Title`, `Milliseconds` FROM `Album` a JOIN `Track` t ON a.`AlbumId` = t.`AlbumId` WHERE `Milliseconds` > 2000000 ORDER BY `Milliseconds` DESC

--- full_table_names: full table names instead of aliases
SELECT Artist.Name, COUNT(Album.AlbumId) AS albums FROM Artist INNER JOIN Album ON Artist.ArtistId = Album.ArtistId GROUP BY Artist.Name ORDER BY albums DESC, Artist.Name LIMIT 5

--- star_and_more: star with an expression
select i.*, i.Total * 0.2 as tax from Invoice i where i.InvoiceId <= 5 order by i.InvoiceId

--- two_stars: two qualified stars
SELECT al.*, ar.* FROM `Album` al JOIN `Artist` ar ON ar.`ArtistId` = al.`ArtistId` WHERE ar.`Name` = 'Queen' ORDER BY al.`AlbumId`

--- star_join: star over a join
SELECT * FROM PlaylistTrack pt JOIN Playlist p ON p.PlaylistId = pt.PlaylistId WHERE p.PlaylistId = 16 ORDER BY pt.TrackId

--- count_star_star: counts side by side
SELECT (SELECT COUNT(*) FROM Track) AS tracks, (SELECT COUNT(*) FROM Album) AS albums, (SELECT COUNT(*) FROM Artist) AS artists

--- ratio: ratio of two subqueries
SELECT ROUND((SELECT SUM(`Total`) FROM `Invoice` WHERE `BillingCountry` = 'USA') * 100.0 / (SELECT SUM(`Total`) FROM `Invoice`), 1) AS percent_from_usa

--- having_subquery: having with a subquery
SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId HAVING SUM(Total) > (SELECT AVG(s) FROM (SELECT SUM(Total) AS s FROM Invoice GROUP BY CustomerId) x) ORDER BY spent DESC, CustomerId

--- all_comparison: not smaller than all
select InvoiceId, Total from Invoice where Total >= all (select Total from Invoice)

--- any_comparison: larger than any
SELECT COUNT(*) AS n FROM `Track` WHERE `Milliseconds` > ANY (SELECT `Milliseconds` FROM `Track` WHERE `GenreId` = 20)

--- some_comparison: equal to some
SELECT Name FROM Genre WHERE GenreId = SOME (SELECT GenreId FROM Track WHERE MediaTypeId = 3) ORDER BY Name

--- max_per_group: longest track of each genre
SELECT g.Name AS genre, t.Name AS track, t.Milliseconds FROM Track t JOIN Genre g ON g.GenreId = t.GenreId JOIN (SELECT GenreId, MAX(Milliseconds) AS longest FROM Track GROUP BY GenreId) m ON m.GenreId = t.GenreId AND m.longest = t.Milliseconds ORDER BY g.Name, t.TrackId

--- second_highest: second highest invoice
SELECT MAX(`Total`) AS second_highest FROM `Invoice` WHERE `Total` < (SELECT MAX(`Total`) FROM `Invoice`)

--- median_by_rank: median by row numbers
WITH o AS (SELECT Total, ROW_NUMBER() OVER (ORDER BY Total) AS rn, COUNT(*) OVER () AS n FROM Invoice) SELECT AVG(Total) AS median FROM o WHERE rn BETWEEN n / 2.0 AND n / 2.0 + 1

--- variance_by_hand: variance by its formula
select avg(Total * Total) - avg(Total) * avg(Total) as variance from Invoice

--- weighted_average: weighted average price
SELECT SUM(`UnitPrice` * `Quantity`) / SUM(`Quantity`) AS weighted_price FROM `InvoiceLine`

--- distinct_ratio: tracks sold more than once
SELECT times_sold, COUNT(*) AS tracks FROM (SELECT TrackId, COUNT(*) AS times_sold FROM InvoiceLine GROUP BY TrackId) s GROUP BY times_sold ORDER BY times_sold

--- duplicates: track names that occur more than once
SELECT Name, COUNT(*) AS n FROM Track GROUP BY Name HAVING COUNT(*) > 1 ORDER BY n DESC, Name

--- check_totals: invoices whose lines do not add up
SELECT i.`InvoiceId`, i.`Total`, SUM(il.`UnitPrice` * il.`Quantity`) AS computed FROM `Invoice` i JOIN `InvoiceLine` il ON il.`InvoiceId` = i.`InvoiceId` GROUP BY i.`InvoiceId`, i.`Total` HAVING ABS(i.`Total` - SUM(il.`UnitPrice` * il.`Quantity`)) > 0.01 ORDER BY i.`InvoiceId`

--- support_rep: customers and revenue per support person
SELECT c.SupportRepId, COUNT(DISTINCT c.CustomerId) AS customers, SUM(i.Total) AS revenue FROM Customer c LEFT JOIN Invoice i ON i.CustomerId = c.CustomerId GROUP BY c.SupportRepId ORDER BY revenue DESC

--- playlist_sizes: playlists with number of tracks
select p.PlaylistId, p.Name, count(pt.TrackId) as tracks, coalesce(sum(t.UnitPrice), 0) as price from Playlist p left join PlaylistTrack pt on pt.PlaylistId = p.PlaylistId left join Track t on t.TrackId = pt.TrackId group by p.PlaylistId, p.Name order by tracks desc, p.PlaylistId

--- tracks_in_many_playlists: tracks on most playlists
SELECT t.`Name`, COUNT(DISTINCT pt.`PlaylistId`) AS playlists FROM `Track` t JOIN `PlaylistTrack` pt USING (`TrackId`) GROUP BY t.`TrackId`, t.`Name` HAVING COUNT(DISTINCT pt.`PlaylistId`) >= 5 ORDER BY t.`Name`

--- relational_division: customers who bought all of three genres
SELECT c.CustomerId FROM Customer c JOIN Invoice i ON i.CustomerId = c.CustomerId JOIN InvoiceLine il ON il.InvoiceId = i.InvoiceId JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId WHERE g.Name IN ('Rock', 'Jazz', 'Metal') GROUP BY c.CustomerId HAVING COUNT(DISTINCT g.Name) = 3 ORDER BY c.CustomerId

--- double_not_exists: artists all of whose albums were sold
SELECT ar.Name FROM Artist ar WHERE EXISTS (SELECT 1 FROM Album al WHERE al.ArtistId = ar.ArtistId) AND NOT EXISTS (SELECT 1 FROM Album al WHERE al.ArtistId = ar.ArtistId AND NOT EXISTS (SELECT 1 FROM Track t JOIN InvoiceLine il ON il.TrackId = t.TrackId WHERE t.AlbumId = al.AlbumId)) ORDER BY ar.Name LIMIT 30

--- favourite_genre: favourite genre of each country
WITH counts AS (SELECT i.`BillingCountry` AS country, g.`Name` AS genre, COUNT(*) AS n FROM `Invoice` i JOIN `InvoiceLine` il ON il.`InvoiceId` = i.`InvoiceId` JOIN `Track` t ON t.`TrackId` = il.`TrackId` JOIN `Genre` g ON g.`GenreId` = t.`GenreId` GROUP BY i.`BillingCountry`, g.`Name`) SELECT country, genre, n FROM (SELECT country, genre, n, RANK() OVER (PARTITION BY country ORDER BY n DESC) AS place FROM counts) r WHERE place = 1 ORDER BY country, genre

--- gaps_between_sales: longest gap between two invoices
SELECT MAX(gap) AS longest_gap FROM (SELECT DATEDIFF(InvoiceDate, LAG(InvoiceDate) OVER (ORDER BY InvoiceDate, InvoiceId)) AS gap FROM Invoice) g

--- day_bucket: sales per day
select DATE(InvoiceDate) as day, count(*) as invoices, sum(Total) as revenue from Invoice group by DATE(InvoiceDate) order by revenue desc, day limit 10

--- new_customers: new customers per year
SELECT first_year, COUNT(*) AS new_customers FROM (SELECT `CustomerId`, MIN(YEAR(`InvoiceDate`)) AS first_year FROM `Invoice` GROUP BY `CustomerId`) f GROUP BY first_year ORDER BY first_year

--- churned: customers without a purchase after June 2025
SELECT c.FirstName, c.LastName, MAX(i.InvoiceDate) AS last_purchase FROM Customer c JOIN Invoice i ON i.CustomerId = c.CustomerId GROUP BY c.CustomerId, c.FirstName, c.LastName HAVING MAX(i.InvoiceDate) < '2025-06-01' ORDER BY last_purchase, c.LastName

--- compare_two_years: two years side by side
SELECT BillingCountry, SUM(CASE WHEN YEAR(InvoiceDate) = 2024 THEN Total ELSE 0 END) AS y2024, SUM(CASE WHEN YEAR(InvoiceDate) = 2025 THEN Total ELSE 0 END) AS y2025 FROM Invoice GROUP BY BillingCountry HAVING SUM(CASE WHEN YEAR(InvoiceDate) = 2025 THEN Total ELSE 0 END) > 0 ORDER BY y2025 DESC, BillingCountry

--- long_query: a report of several expressions, as a language model writes it
WITH customer_orders AS (
    SELECT
        c.`CustomerId`,
        c.`Country`,
        COUNT(DISTINCT i.`InvoiceId`) AS order_count,
        SUM(i.`Total`) AS total_spent,
        AVG(i.`Total`) AS avg_order_value,
        MAX(i.`InvoiceDate`) AS last_order
    FROM `Customer` c
    LEFT JOIN `Invoice` i
        ON c.`CustomerId` = i.`CustomerId`
    GROUP BY
        c.`CustomerId`,
        c.`Country`
),
country_stats AS (
    SELECT
        `Country`,
        COUNT(*) AS customer_count,
        SUM(total_spent) AS country_revenue,
        AVG(total_spent) AS revenue_per_customer
    FROM customer_orders
    GROUP BY `Country`
)
SELECT
    cs.`Country`,
    cs.customer_count,
    cs.country_revenue,
    ROUND(cs.revenue_per_customer, 2) AS revenue_per_customer,
    ROW_NUMBER() OVER (ORDER BY cs.country_revenue DESC, cs.`Country`) AS place
FROM country_stats cs
WHERE cs.customer_count >= 2
ORDER BY place;

--- keywords_lower: all in lower case
select c.Country, count(*) as customers from Customer c group by c.Country having count(*) > 3 order by customers desc, c.Country

--- string_with_quote: text with an apostrophe
select Title from Album where Title like '%''%' order by AlbumId

--- string_unicode: text beyond ASCII
SELECT `CustomerId`, `FirstName` FROM `Customer` WHERE `City` = 'São Paulo' OR `FirstName` = 'François' ORDER BY `CustomerId`

--- string_looks_bad: a text that looks like a statement
SELECT COUNT(*) AS n FROM Track WHERE Name = 'DROP TABLE Track' OR Name LIKE '%select%from employee%'

--- string_looks_comment: a text that looks like a comment
SELECT COUNT(*) AS n FROM Album WHERE Title LIKE '%--%' OR Title = '/* remix */'

--- string_semicolon: a text with a semicolon
SELECT COUNT(*) AS n FROM `Track` WHERE `Composer` LIKE '%;%'

--- empty_result: no rows
SELECT InvoiceId, Total FROM Invoice WHERE Total < 0

--- contradiction: condition that is never true
select AlbumId from Album where 1 = 0

--- limit_one: a single row
SELECT `Name`, `Milliseconds` FROM `Track` ORDER BY `Milliseconds` DESC LIMIT 1

--- deep_parentheses: more brackets than needed
SELECT ((((Total)))) AS total FROM Invoice WHERE (((InvoiceId = 1) OR ((InvoiceId = 2)))) ORDER BY (InvoiceId)

--- parenthesized_union: bracketed parts of a union
SELECT * FROM (SELECT GenreId AS id, Name FROM Genre WHERE GenreId < 4) a UNION ALL SELECT * FROM (SELECT MediaTypeId, Name FROM MediaType) b ORDER BY Name

--- price_change: tracks sold at another price than listed
SELECT t.`TrackId`, t.`UnitPrice` AS listed, il.`UnitPrice` AS sold FROM `Track` t JOIN `InvoiceLine` il ON il.`TrackId` = t.`TrackId` AND il.`UnitPrice` <> t.`UnitPrice` ORDER BY t.`TrackId`

--- composer_top: composers with most tracks
SELECT Composer, COUNT(*) AS tracks, SUM(Bytes) / 1048576 AS megabytes FROM Track WHERE Composer IS NOT NULL AND Composer <> '' GROUP BY Composer ORDER BY tracks DESC, Composer LIMIT 10

--- album_price: full price of an album
select al.Title, ar.Name, count(t.TrackId) as tracks, sum(t.UnitPrice) as price from Album al join Artist ar on ar.ArtistId = al.ArtistId join Track t on t.AlbumId = al.AlbumId where ar.Name like 'A%' group by al.AlbumId, al.Title, ar.Name order by price desc, al.AlbumId

--- average_tracks_per_album: average of a count
SELECT AVG(n * 1.0) AS average_tracks, MIN(n) AS fewest, MAX(n) AS most FROM (SELECT `AlbumId`, COUNT(*) AS n FROM `Track` GROUP BY `AlbumId`) per_album

--- customers_above_country_average: above the average of one's country
SELECT s.CustomerId, s.Country, s.spent FROM (SELECT c.CustomerId, c.Country, SUM(i.Total) AS spent, AVG(SUM(i.Total)) OVER (PARTITION BY c.Country) AS country_average FROM Customer c JOIN Invoice i ON i.CustomerId = c.CustomerId GROUP BY c.CustomerId, c.Country) s WHERE s.spent > s.country_average ORDER BY s.Country, s.CustomerId

--- count_over: rows with the number of all rows
SELECT Name, COUNT(*) OVER () AS all_genres FROM Genre ORDER BY Name LIMIT 5

--- month_of_year: seasonality over all years
SELECT MONTH(`InvoiceDate`) AS month_number, AVG(`Total`) AS average_invoice, COUNT(*) AS invoices FROM `Invoice` GROUP BY MONTH(`InvoiceDate`) ORDER BY month_number

--- islands: runs of months with rising revenue
WITH monthly AS (SELECT DATE_FORMAT(InvoiceDate, '%Y-%m') AS ym, SUM(Total) AS revenue FROM Invoice GROUP BY DATE_FORMAT(InvoiceDate, '%Y-%m')), marked AS (SELECT ym, revenue, CASE WHEN revenue > LAG(revenue) OVER (ORDER BY ym) THEN 0 ELSE 1 END AS starts FROM monthly), grouped AS (SELECT ym, revenue, SUM(starts) OVER (ORDER BY ym) AS run FROM marked) SELECT run, MIN(ym) AS from_month, MAX(ym) AS to_month, COUNT(*) AS months FROM grouped GROUP BY run HAVING COUNT(*) > 1 ORDER BY months DESC, run

--- first_purchase_genre: genre of the first purchase
with bought as (select i.CustomerId, g.Name as genre, row_number() over (partition by i.CustomerId order by i.InvoiceDate, il.InvoiceLineId) as n from Invoice i join InvoiceLine il on il.InvoiceId = i.InvoiceId join Track t on t.TrackId = il.TrackId join Genre g on g.GenreId = t.GenreId) select genre, count(*) as customers from bought where n = 1 group by genre order by customers desc, genre

--- difference_to_best: distance to the best country
SELECT country, revenue, MAX(revenue) OVER () - revenue AS behind FROM (SELECT `BillingCountry` AS country, SUM(`Total`) AS revenue FROM `Invoice` GROUP BY `BillingCountry`) r ORDER BY behind, country

--- window_in_order: window function in order by
SELECT BillingCountry, Total FROM Invoice WHERE Total > 15 ORDER BY COUNT(*) OVER (PARTITION BY BillingCountry) DESC, BillingCountry, InvoiceId

--- subquery_in_case: subquery inside a case
SELECT c.CustomerId, CASE WHEN EXISTS (SELECT 1 FROM Invoice i WHERE i.CustomerId = c.CustomerId AND i.Total > 20) THEN 'yes' ELSE 'no' END AS ever_large FROM Customer c ORDER BY c.CustomerId

--- subquery_in_join: subquery inside a join condition
SELECT al.`Title` FROM `Album` al JOIN `Track` t ON t.`AlbumId` = al.`AlbumId` AND t.`Milliseconds` = (SELECT MAX(t2.`Milliseconds`) FROM `Track` t2)

--- subquery_from_limit: limit inside a derived table
SELECT SUM(Total) AS sum_of_best FROM (SELECT Total FROM Invoice ORDER BY Total DESC LIMIT 10) best

--- values_derived: customers in sales regions
select r.region, count(*) as customers from Customer c join (select 'USA' as country, 'America' as region union all select 'Canada', 'America' union all select 'Brazil', 'America' union all select 'Germany', 'Europe' union all select 'France', 'Europe') r on r.country = c.Country group by r.region order by r.region

--- boolean_sum: share of invoices over five
SELECT ROUND(AVG(CASE WHEN `Total` > 5 THEN 1.0 ELSE 0.0 END), 3) AS share FROM `Invoice`

--- eight_table_join: everything about one invoice
SELECT i.InvoiceId, c.LastName, t.Name AS track, al.Title, ar.Name AS artist, g.Name AS genre, m.Name AS media FROM Invoice i JOIN Customer c ON c.CustomerId = i.CustomerId JOIN InvoiceLine il ON il.InvoiceId = i.InvoiceId JOIN Track t ON t.TrackId = il.TrackId JOIN Album al ON al.AlbumId = t.AlbumId JOIN Artist ar ON ar.ArtistId = al.ArtistId JOIN Genre g ON g.GenreId = t.GenreId JOIN MediaType m ON m.MediaTypeId = t.MediaTypeId WHERE i.InvoiceId = 5 ORDER BY il.InvoiceLineId

--- linear_trend: slope of revenue over the years
SELECT (COUNT(*) * SUM(x * y) - SUM(x) * SUM(y)) / (COUNT(*) * SUM(x * x) - SUM(x) * SUM(x)) AS slope FROM (SELECT YEAR(InvoiceDate) - 2020 AS x, SUM(Total) AS y FROM Invoice GROUP BY YEAR(InvoiceDate)) p

--- greatest_share: largest customer of each country and its share
WITH s AS (SELECT c.`Country` AS country, c.`CustomerId`, SUM(i.`Total`) AS spent FROM `Customer` c JOIN `Invoice` i ON i.`CustomerId` = c.`CustomerId` GROUP BY c.`Country`, c.`CustomerId`) SELECT country, MAX(spent) AS largest, SUM(spent) AS everything, ROUND(MAX(spent) / SUM(spent) * 100, 1) AS share FROM s GROUP BY country HAVING COUNT(*) > 1 ORDER BY share DESC, country

--- shadow_in_inner_scope: a name that means two things in two scopes
SELECT g.Name, (WITH Genre AS (SELECT COUNT(*) AS n FROM Track) SELECT n FROM Genre) AS all_tracks FROM Genre g ORDER BY g.GenreId

--- distinct_two_counts: two distinct counts
select BillingCountry, count(distinct CustomerId) as customers, count(distinct BillingCity) as cities from Invoice group by BillingCountry order by customers desc, BillingCountry

--- having_alias_free: having on something not selected
SELECT `BillingCity` FROM `Invoice` GROUP BY `BillingCity` HAVING MAX(`Total`) > 20 ORDER BY `BillingCity`

--- group_expression: group by an expression
SELECT CASE WHEN Milliseconds < 180000 THEN 'short' WHEN Milliseconds < 360000 THEN 'medium' ELSE 'long' END AS length, COUNT(*) AS n FROM Track GROUP BY CASE WHEN Milliseconds < 180000 THEN 'short' WHEN Milliseconds < 360000 THEN 'medium' ELSE 'long' END ORDER BY n DESC

--- param_genre_1: revenue of one genre
SELECT SUM(il.UnitPrice * il.Quantity) AS revenue FROM InvoiceLine il JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId WHERE g.Name = 'Rock'

--- param_genre_2: revenue of one genre
SELECT SUM(il.UnitPrice * il.Quantity) AS revenue FROM InvoiceLine il JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId WHERE g.Name = 'Jazz'

--- param_genre_3: revenue of one genre
SELECT SUM(il.UnitPrice * il.Quantity) AS revenue FROM InvoiceLine il JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId WHERE g.Name = 'Metal'

--- param_genre_4: revenue of one genre
SELECT SUM(il.UnitPrice * il.Quantity) AS revenue FROM InvoiceLine il JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId WHERE g.Name = 'Latin'

--- param_genre_5: revenue of one genre
SELECT SUM(il.UnitPrice * il.Quantity) AS revenue FROM InvoiceLine il JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId WHERE g.Name = 'Blues'

--- param_genre_6: revenue of one genre
SELECT SUM(il.UnitPrice * il.Quantity) AS revenue FROM InvoiceLine il JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId WHERE g.Name = 'Reggae'

--- param_year_1: best country of one year
SELECT `BillingCountry`, SUM(`Total`) AS revenue FROM `Invoice` WHERE `InvoiceDate` >= '2021-01-01' AND `InvoiceDate` <= '2021-12-31' GROUP BY `BillingCountry` ORDER BY revenue DESC, `BillingCountry` LIMIT 1

--- param_year_2: best country of one year
SELECT `BillingCountry`, SUM(`Total`) AS revenue FROM `Invoice` WHERE `InvoiceDate` >= '2022-01-01' AND `InvoiceDate` <= '2022-12-31' GROUP BY `BillingCountry` ORDER BY revenue DESC, `BillingCountry` LIMIT 1

--- param_year_3: best country of one year
SELECT `BillingCountry`, SUM(`Total`) AS revenue FROM `Invoice` WHERE `InvoiceDate` >= '2023-01-01' AND `InvoiceDate` <= '2023-12-31' GROUP BY `BillingCountry` ORDER BY revenue DESC, `BillingCountry` LIMIT 1

--- param_year_4: best country of one year
SELECT `BillingCountry`, SUM(`Total`) AS revenue FROM `Invoice` WHERE `InvoiceDate` >= '2025-01-01' AND `InvoiceDate` <= '2025-12-31' GROUP BY `BillingCountry` ORDER BY revenue DESC, `BillingCountry` LIMIT 1

--- param_country_1: customers and sales of one country
SELECT c.FirstName, c.LastName, COUNT(i.InvoiceId) AS invoices, SUM(i.Total) AS spent FROM Customer c LEFT JOIN Invoice i ON i.CustomerId = c.CustomerId WHERE c.Country = 'Germany' GROUP BY c.CustomerId, c.FirstName, c.LastName ORDER BY spent DESC, c.LastName

--- param_country_2: customers and sales of one country
SELECT c.FirstName, c.LastName, COUNT(i.InvoiceId) AS invoices, SUM(i.Total) AS spent FROM Customer c LEFT JOIN Invoice i ON i.CustomerId = c.CustomerId WHERE c.Country = 'France' GROUP BY c.CustomerId, c.FirstName, c.LastName ORDER BY spent DESC, c.LastName

--- param_country_3: customers and sales of one country
SELECT c.FirstName, c.LastName, COUNT(i.InvoiceId) AS invoices, SUM(i.Total) AS spent FROM Customer c LEFT JOIN Invoice i ON i.CustomerId = c.CustomerId WHERE c.Country = 'Brazil' GROUP BY c.CustomerId, c.FirstName, c.LastName ORDER BY spent DESC, c.LastName

--- param_country_4: customers and sales of one country
SELECT c.FirstName, c.LastName, COUNT(i.InvoiceId) AS invoices, SUM(i.Total) AS spent FROM Customer c LEFT JOIN Invoice i ON i.CustomerId = c.CustomerId WHERE c.Country = 'United Kingdom' GROUP BY c.CustomerId, c.FirstName, c.LastName ORDER BY spent DESC, c.LastName

--- param_country_5: customers and sales of one country
SELECT c.FirstName, c.LastName, COUNT(i.InvoiceId) AS invoices, SUM(i.Total) AS spent FROM Customer c LEFT JOIN Invoice i ON i.CustomerId = c.CustomerId WHERE c.Country = 'Czech Republic' GROUP BY c.CustomerId, c.FirstName, c.LastName ORDER BY spent DESC, c.LastName

--- param_measure_1: one measure by state
select BillingState, sum(Total) as measure from Invoice where BillingState is not null group by BillingState order by measure desc, BillingState

--- param_measure_2: one measure by state
select BillingState, avg(Total) as measure from Invoice where BillingState is not null group by BillingState order by measure desc, BillingState

--- param_measure_3: one measure by state
select BillingState, max(Total) as measure from Invoice where BillingState is not null group by BillingState order by measure desc, BillingState

--- param_measure_4: one measure by state
select BillingState, min(Total) as measure from Invoice where BillingState is not null group by BillingState order by measure desc, BillingState

--- param_measure_5: one measure by state
select BillingState, count(*) as measure from Invoice where BillingState is not null group by BillingState order by measure desc, BillingState

--- two_kilobytes: a report of two kilobytes, as a language model writes it
WITH line_items AS (
    SELECT
        il.`InvoiceLineId`,
        i.`InvoiceId`,
        i.`CustomerId`,
        i.`InvoiceDate`,
        i.`BillingCountry`,
        t.`TrackId`,
        t.`Name` AS track_name,
        al.`Title` AS album_title,
        ar.`Name` AS artist_name,
        g.`Name` AS genre_name,
        il.`UnitPrice` * il.`Quantity` AS line_total
    FROM `InvoiceLine` il
    INNER JOIN `Invoice` i ON i.`InvoiceId` = il.`InvoiceId`
    INNER JOIN `Track` t ON t.`TrackId` = il.`TrackId`
    LEFT JOIN `Album` al ON al.`AlbumId` = t.`AlbumId`
    LEFT JOIN `Artist` ar ON ar.`ArtistId` = al.`ArtistId`
    LEFT JOIN `Genre` g ON g.`GenreId` = t.`GenreId`
    WHERE i.`InvoiceDate` >= '2022-01-01'
      AND i.`InvoiceDate` < '2025-01-01'
),
country_genre AS (
    SELECT
        `BillingCountry`,
        genre_name,
        SUM(line_total) AS revenue,
        COUNT(DISTINCT `CustomerId`) AS customers,
        COUNT(DISTINCT `InvoiceId`) AS invoices,
        COUNT(*) AS lines_sold
    FROM line_items
    GROUP BY `BillingCountry`, genre_name
),
ranked AS (
    SELECT
        `BillingCountry`,
        genre_name,
        revenue,
        customers,
        invoices,
        lines_sold,
        ROW_NUMBER() OVER (PARTITION BY `BillingCountry` ORDER BY revenue DESC, genre_name) AS genre_rank,
        SUM(revenue) OVER (PARTITION BY `BillingCountry`) AS country_revenue
    FROM country_genre
),
best_artist AS (
    SELECT `BillingCountry`, artist_name, SUM(line_total) AS artist_revenue,
        ROW_NUMBER() OVER (PARTITION BY `BillingCountry` ORDER BY SUM(line_total) DESC, artist_name) AS artist_rank
    FROM line_items
    GROUP BY `BillingCountry`, artist_name
)
SELECT
    r.`BillingCountry` AS country,
    r.genre_name AS favourite_genre,
    r.revenue,
    ROUND(100.0 * r.revenue / NULLIF(r.country_revenue, 0), 2) AS percent_of_country,
    r.customers,
    r.invoices,
    r.lines_sold,
    b.artist_name AS favourite_artist,
    b.artist_revenue,
    CASE
        WHEN r.country_revenue >= 200 THEN 'large'
        WHEN r.country_revenue >= 50 THEN 'medium'
        ELSE 'small'
    END AS market_size
FROM ranked r
LEFT JOIN best_artist b
    ON b.`BillingCountry` = r.`BillingCountry`
    AND b.artist_rank = 1
WHERE r.genre_rank = 1
ORDER BY r.country_revenue DESC, country;

--- my_date_format_month: month with its name
SELECT DATE_FORMAT(InvoiceDate, '%M %Y') AS month_name, SUM(Total) AS revenue FROM Invoice GROUP BY DATE_FORMAT(InvoiceDate, '%Y%m'), DATE_FORMAT(InvoiceDate, '%M %Y') ORDER BY DATE_FORMAT(InvoiceDate, '%Y%m')

--- my_year_month: year and month as two columns
SELECT YEAR(InvoiceDate) AS y, MONTH(InvoiceDate) AS m, SUM(Total) AS revenue FROM Invoice GROUP BY YEAR(InvoiceDate), MONTH(InvoiceDate) ORDER BY y, m

--- my_quarter: quarters
SELECT CONCAT(YEAR(InvoiceDate), '-Q', QUARTER(InvoiceDate)) AS q, SUM(Total) AS revenue FROM Invoice GROUP BY q ORDER BY q

--- my_dayname: sales by day of the week
SELECT DAYNAME(InvoiceDate) AS weekday, COUNT(*) AS n FROM Invoice GROUP BY DAYOFWEEK(InvoiceDate), DAYNAME(InvoiceDate) ORDER BY DAYOFWEEK(InvoiceDate)

--- my_weekday_week: week and weekday
SELECT WEEK(InvoiceDate, 3) AS w, WEEKDAY(InvoiceDate) AS d, COUNT(*) AS n FROM Invoice GROUP BY w, d ORDER BY w, d

--- my_yearweek: year and week
SELECT YEARWEEK(InvoiceDate) AS yw, SUM(Total) AS revenue FROM Invoice GROUP BY YEARWEEK(InvoiceDate) ORDER BY yw

--- my_extract: extract
SELECT EXTRACT(YEAR FROM InvoiceDate) AS y, EXTRACT(YEAR_MONTH FROM MAX(InvoiceDate)) AS last_month, COUNT(*) AS n FROM Invoice GROUP BY EXTRACT(YEAR FROM InvoiceDate) ORDER BY y

--- my_date_add: thirty days after the first purchase
SELECT i.CustomerId, SUM(i.Total) AS first_thirty_days FROM Invoice i JOIN (SELECT CustomerId, MIN(InvoiceDate) AS first_date FROM Invoice GROUP BY CustomerId) f ON f.CustomerId = i.CustomerId WHERE i.InvoiceDate < DATE_ADD(f.first_date, INTERVAL 30 DAY) GROUP BY i.CustomerId ORDER BY i.CustomerId

--- my_date_sub: last three months of the data
SELECT SUM(Total) AS revenue FROM Invoice WHERE InvoiceDate >= (SELECT DATE_SUB(MAX(InvoiceDate), INTERVAL 3 MONTH) FROM Invoice)

--- my_interval_plus: interval with plus
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate >= '2024-01-01' AND InvoiceDate < '2024-01-01' + INTERVAL 1 MONTH

--- my_interval_minus: interval with minus
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate < CURDATE() - INTERVAL 7 DAY

--- my_now: invoices older than now
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate <= NOW()

--- my_current_date: current date
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate < CURRENT_DATE

--- my_timestampdiff: months between first and last purchase
SELECT CustomerId, TIMESTAMPDIFF(MONTH, MIN(InvoiceDate), MAX(InvoiceDate)) AS months FROM Invoice GROUP BY CustomerId ORDER BY months DESC, CustomerId

--- my_last_day: last day of the month
SELECT LAST_DAY(InvoiceDate) AS month_end, SUM(Total) AS revenue FROM Invoice GROUP BY LAST_DAY(InvoiceDate) ORDER BY month_end

--- my_str_to_date: text to date
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate >= STR_TO_DATE('01.07.2023', '%d.%m.%Y')

--- my_date_literal: date literals
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate BETWEEN DATE '2023-01-01' AND TIMESTAMP '2023-06-30 23:59:59'

--- my_monthname: average month
SELECT MONTHNAME(InvoiceDate) AS month_name, ROUND(AVG(Total), 2) AS average FROM Invoice GROUP BY MONTH(InvoiceDate), MONTHNAME(InvoiceDate) ORDER BY MONTH(InvoiceDate)

--- my_dayofyear: day of the year
SELECT DAYOFYEAR(InvoiceDate) AS d, COUNT(*) AS n FROM Invoice GROUP BY d HAVING n > 2 ORDER BY d

--- my_unix_time: seconds to a date
SELECT DATE(FROM_UNIXTIME(1672531200)) AS a_date, DATEDIFF('2023-01-31', '2023-01-01') AS days

--- my_makedate: makedate
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate >= MAKEDATE(2023, 182)

--- my_period_diff: months between periods
SELECT PERIOD_DIFF(DATE_FORMAT(MAX(InvoiceDate), '%Y%m'), DATE_FORMAT(MIN(InvoiceDate), '%Y%m')) AS months FROM Invoice

--- my_time_functions: parts of the time
SELECT HOUR(InvoiceDate) AS h, MINUTE(InvoiceDate) AS m, COUNT(*) AS n FROM Invoice GROUP BY h, m

--- my_if: if
SELECT IF(Total >= 10, 'large', 'small') AS size, COUNT(*) AS n FROM Invoice GROUP BY size ORDER BY size

--- my_ifnull: ifnull
SELECT CustomerId, IFNULL(Company, '(none)') AS company FROM Customer ORDER BY CustomerId

--- my_if_nested: nested if
SELECT IF(Total < 2, 'low', IF(Total < 10, 'middle', 'high')) AS band, COUNT(*) AS n, SUM(Total) AS revenue FROM Invoice GROUP BY band ORDER BY revenue DESC

--- my_null_safe: null safe comparison
SELECT COUNT(*) AS n FROM Customer a JOIN Customer b ON a.State <=> b.State AND a.CustomerId < b.CustomerId WHERE a.Country = 'USA' AND b.Country = 'USA'

--- my_isnull: isnull function
SELECT ISNULL(Company) AS missing, COUNT(*) AS n FROM Customer GROUP BY ISNULL(Company)

--- my_group_concat_plain: list without order
SELECT GROUP_CONCAT(DISTINCT BillingCountry ORDER BY BillingCountry DESC SEPARATOR ' | ') AS countries FROM Invoice

--- my_group_concat_default: list with the default separator
SELECT GenreId, GROUP_CONCAT(DISTINCT MediaTypeId ORDER BY MediaTypeId) AS media FROM Track GROUP BY GenreId ORDER BY GenreId

--- my_group_concat_expression: list of an expression
SELECT ar.Name, GROUP_CONCAT(CONCAT(al.Title, ' (', al.AlbumId, ')') ORDER BY al.AlbumId SEPARATOR '; ') AS albums FROM Artist ar JOIN Album al ON al.ArtistId = ar.ArtistId GROUP BY ar.ArtistId, ar.Name HAVING COUNT(*) = 3 ORDER BY ar.Name

--- my_concat_ws: concat with a separator
SELECT CustomerId, CONCAT_WS(', ', City, State, Country) AS place FROM Customer ORDER BY CustomerId

--- my_substring_index: domain of mail addresses
SELECT SUBSTRING_INDEX(Email, '@', -1) AS domain, COUNT(*) AS n FROM Customer GROUP BY domain ORDER BY n DESC, domain

--- my_substring_from: substring from for
SELECT SUBSTRING(Name FROM 1 FOR 1) AS letter, COUNT(*) AS artists FROM Artist GROUP BY letter ORDER BY artists DESC, letter

--- my_left_right: left, right, mid
SELECT LEFT(LastName, 3) AS a, RIGHT(PostalCode, 2) AS b, MID(Phone, 2, 3) AS c FROM Customer ORDER BY CustomerId LIMIT 10

--- my_instr_locate: positions
SELECT Email, INSTR(Email, '@') AS a, LOCATE('.', Email, 5) AS b, POSITION('@' IN Email) AS c FROM Customer ORDER BY CustomerId LIMIT 10

--- my_lpad: padded number
SELECT LPAD(InvoiceId, 6, '0') AS number, Total FROM Invoice ORDER BY InvoiceId LIMIT 5

--- my_rpad_repeat: literal repetition
SELECT RPAD(Name, 20, '.') AS name, REPEAT('*', 3) AS stars FROM Genre ORDER BY GenreId

--- my_format: formatted numbers
SELECT BillingCountry, FORMAT(SUM(Total), 2) AS revenue FROM Invoice GROUP BY BillingCountry ORDER BY SUM(Total) DESC, BillingCountry

--- my_trim: trim both
SELECT TRIM(BOTH ' ' FROM Company) AS company, TRIM(LEADING '+' FROM Phone) AS phone FROM Customer WHERE Company IS NOT NULL ORDER BY CustomerId

--- my_reverse_ucase: ucase and lcase
SELECT UCASE(Name) AS a, LCASE(Name) AS b, REVERSE(Name) AS c, LENGTH(Name) AS d FROM Genre ORDER BY GenreId

--- my_field: order by a list
SELECT Country, COUNT(*) AS n FROM Customer GROUP BY Country ORDER BY FIELD(Country, 'USA', 'Canada', 'Brazil') DESC, Country

--- my_elt: text by number
SELECT ELT(QUARTER(InvoiceDate), 'spring', 'summer', 'autumn', 'winter') AS season, SUM(Total) AS revenue FROM Invoice GROUP BY season ORDER BY season

--- my_find_in_set: find in a set
SELECT Name FROM Genre WHERE FIND_IN_SET(Name, 'Rock,Jazz,Blues') > 0 ORDER BY Name

--- my_regexp: regular expression
SELECT Name FROM Artist WHERE Name REGEXP '^[A-C].*s$' ORDER BY Name

--- my_rlike: rlike
SELECT COUNT(*) AS n FROM Track WHERE Name RLIKE 'remix|live'

--- my_not_regexp: not regexp
SELECT COUNT(*) AS n FROM Customer WHERE PostalCode NOT REGEXP '^[0-9]+$'

--- my_regexp_replace: digits only
SELECT CustomerId, REGEXP_REPLACE(Phone, '[^0-9]', '') AS digits FROM Customer ORDER BY CustomerId

--- my_regexp_substr: part found by a pattern
SELECT REGEXP_SUBSTR(Email, '[a-z]+$') AS ending, COUNT(*) AS n FROM Customer GROUP BY ending ORDER BY n DESC, ending

--- my_like_escape: like with escape
SELECT Name FROM Track WHERE Name LIKE '%100|%%' ESCAPE '|'

--- my_double_quoted_text: text in double quotes
SELECT COUNT(*) AS n FROM Customer WHERE Country = "USA"

--- my_backslash_text: text with a backslash
SELECT COUNT(*) AS n FROM Track WHERE Name LIKE '%\'%'

--- my_limit_comma: limit with a comma
SELECT TrackId, Name FROM Track ORDER BY TrackId LIMIT 10, 5

--- my_rollup: subtotals by rollup
SELECT BillingCountry, BillingCity, SUM(Total) AS revenue FROM Invoice WHERE BillingCountry IN ('USA', 'Canada') GROUP BY BillingCountry, BillingCity WITH ROLLUP

--- my_rollup_label: rollup with a label
SELECT COALESCE(BillingCountry, 'all') AS country, SUM(Total) AS revenue FROM Invoice GROUP BY BillingCountry WITH ROLLUP

--- my_stddev: spread of invoices
SELECT BillingCountry, STDDEV(Total) AS deviation, VARIANCE(Total) AS variance FROM Invoice GROUP BY BillingCountry HAVING COUNT(*) > 5 ORDER BY deviation DESC, BillingCountry

--- my_stddev_samp: deviation of the sample
SELECT STDDEV_SAMP(Total) AS sample, STDDEV_POP(Total) AS population, VAR_SAMP(Total) AS variance FROM Invoice

--- my_z_score: outliers by z score
SELECT InvoiceId, Total, (Total - s.mean) / s.deviation AS z FROM Invoice CROSS JOIN (SELECT AVG(Total) AS mean, STDDEV_POP(Total) AS deviation FROM Invoice) s WHERE ABS(Total - s.mean) > 2 * s.deviation ORDER BY z DESC, InvoiceId

--- my_cast_kinds: casts
SELECT CAST(Total AS SIGNED) AS whole, CAST(Total AS CHAR) AS words, CAST(InvoiceDate AS DATE) AS day, CAST('12.5' AS DECIMAL(5,1)) AS number FROM Invoice ORDER BY InvoiceId LIMIT 5

--- my_convert: convert
SELECT CONVERT(Total, SIGNED) AS whole, COUNT(*) AS n FROM Invoice GROUP BY whole ORDER BY whole

--- my_div_mod: integer division
SELECT Milliseconds DIV 60000 AS minutes, COUNT(*) AS n FROM Track GROUP BY minutes HAVING n > 10 ORDER BY minutes

--- my_mod: remainder
SELECT InvoiceId MOD 7 AS a, MOD(InvoiceId, 2) AS b, COUNT(*) AS n FROM Invoice GROUP BY a, b ORDER BY a, b

--- my_math: mathematics
SELECT SQRT(SUM(POW(Total - 5, 2))) AS root, LN(SUM(Total)) AS logarithm, CEIL(AVG(Total)) AS up, FLOOR(AVG(Total)) AS down, TRUNCATE(AVG(Total), 1) AS cut, SIGN(-2) AS side FROM Invoice

--- my_greatest_least: greatest and least
SELECT InvoiceId, GREATEST(Total, 5) AS at_least, LEAST(Total, 10) AS at_most FROM Invoice ORDER BY InvoiceId LIMIT 20

--- my_boolean_sum: sums of comparisons
SELECT SUM(Total > 10) AS large, SUM(BillingCountry = 'USA') AS usa, AVG(Total > 5) AS share FROM Invoice

--- my_xor: exclusive or
SELECT COUNT(*) AS n FROM Customer WHERE (Company IS NULL) XOR (State IS NULL)

--- my_ampersands: and, or as signs
SELECT COUNT(*) AS n FROM Customer WHERE Country = 'USA' && State = 'CA'

--- my_bits: bit operators
SELECT TrackId & 1 AS odd, COUNT(*) AS n, BIT_OR(MediaTypeId) AS bits FROM Track GROUP BY odd ORDER BY odd

--- my_having_alias: having on an alias
SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId HAVING spent > 45 ORDER BY spent DESC

--- my_straight_join: straight join
SELECT g.Name, COUNT(*) AS n FROM Genre g STRAIGHT_JOIN Track t ON t.GenreId = g.GenreId GROUP BY g.Name ORDER BY n DESC, g.Name

--- my_json_object: rows as objects
SELECT JSON_OBJECT('id', GenreId, 'name', Name) AS genre FROM Genre ORDER BY GenreId

--- my_json_array: array of values
SELECT JSON_ARRAY(MIN(Total), MAX(Total)) AS bounds FROM Invoice

--- my_json_extract: extract from a literal
SELECT JSON_EXTRACT('{"rate": 0.19}', '$.rate') * SUM(Total) AS tax FROM Invoice

--- my_json_arrayagg: array of a group
SELECT JSON_ARRAYAGG(Name) AS names FROM MediaType

--- my_json_unquote: text out of a json literal
SELECT JSON_UNQUOTE(JSON_EXTRACT('{"country": "USA"}', '$.country')) AS country

--- my_recursive_dates: calendar by recursion
WITH RECURSIVE calendar AS (SELECT DATE('2025-01-01') AS day UNION ALL SELECT DATE_ADD(day, INTERVAL 1 DAY) FROM calendar WHERE day < '2025-01-31') SELECT c.day, COUNT(i.InvoiceId) AS n FROM calendar c LEFT JOIN Invoice i ON DATE(i.InvoiceDate) = c.day GROUP BY c.day ORDER BY c.day

--- my_recursive_calendar: calendar of months
WITH RECURSIVE months (m) AS (SELECT CAST('2024-01-01' AS DATE) UNION ALL SELECT m + INTERVAL 1 MONTH FROM months WHERE m < '2024-12-01') SELECT DATE_FORMAT(m, '%Y-%m') AS ym, COALESCE(SUM(i.Total), 0) AS revenue FROM months LEFT JOIN Invoice i ON DATE_FORMAT(i.InvoiceDate, '%Y-%m') = DATE_FORMAT(months.m, '%Y-%m') GROUP BY m ORDER BY m

--- my_except_chain: chain of set operations
SELECT Country FROM Customer EXCEPT SELECT 'USA' UNION SELECT 'total' ORDER BY 1

--- my_bracketed_sets: bracketed set operations
(SELECT Name FROM Genre ORDER BY Name LIMIT 3) UNION ALL (SELECT Name FROM MediaType ORDER BY Name LIMIT 3)

--- my_distinctrow: old word for distinct
SELECT DISTINCTROW Country FROM Customer ORDER BY Country

--- my_order_null_trick: missing values last by a trick
SELECT CustomerId, Company FROM Customer ORDER BY Company IS NULL, Company, CustomerId

--- my_order_minus: order by a negated number
SELECT TrackId, Bytes FROM Track ORDER BY -Bytes, TrackId LIMIT 10

--- my_collate: comparison with a collation
SELECT Name FROM Artist WHERE Name COLLATE utf8mb3_bin LIKE 'A%' ORDER BY Name

--- my_binary: binary comparison
SELECT COUNT(*) AS n FROM Artist WHERE BINARY Name = 'AC/DC'

--- my_pivot_media: pivot by sum of if
SELECT g.Name, SUM(IF(t.MediaTypeId = 1, 1, 0)) AS mpeg, SUM(IF(t.MediaTypeId = 2, 1, 0)) AS aac, SUM(IF(t.MediaTypeId = 3, 1, 0)) AS video FROM Track t JOIN Genre g ON g.GenreId = t.GenreId GROUP BY g.Name ORDER BY g.Name

--- my_count_distinct_many: distinct over several columns
SELECT COUNT(DISTINCT BillingCountry, BillingCity) AS places FROM Invoice

--- my_window_running: running total by month
SELECT ym, revenue, SUM(revenue) OVER (ORDER BY ym) AS running FROM (SELECT DATE_FORMAT(InvoiceDate, '%Y-%m') AS ym, SUM(Total) AS revenue FROM Invoice GROUP BY ym) m ORDER BY ym

--- my_year_to_date: running total anew each year
SELECT y, m, revenue, SUM(revenue) OVER (PARTITION BY y ORDER BY m) AS year_to_date FROM (SELECT YEAR(InvoiceDate) AS y, MONTH(InvoiceDate) AS m, SUM(Total) AS revenue FROM Invoice GROUP BY y, m) x ORDER BY y, m

--- my_top_two_per_group: two dearest invoices per country
SELECT BillingCountry, InvoiceId, Total FROM (SELECT BillingCountry, InvoiceId, Total, ROW_NUMBER() OVER (PARTITION BY BillingCountry ORDER BY Total DESC, InvoiceId) AS rn FROM Invoice) r WHERE rn <= 2 ORDER BY BillingCountry, rn

--- my_cohort: cohorts by months since the first purchase
SELECT DATE_FORMAT(f.first_date, '%Y-%m') AS cohort, TIMESTAMPDIFF(MONTH, f.first_date, i.InvoiceDate) AS month_number, COUNT(DISTINCT i.CustomerId) AS customers FROM Invoice i JOIN (SELECT CustomerId, MIN(InvoiceDate) AS first_date FROM Invoice GROUP BY CustomerId) f USING (CustomerId) GROUP BY cohort, month_number ORDER BY cohort, month_number

--- my_scientific: numbers in scientific notation
SELECT COUNT(*) AS n FROM Track WHERE Bytes > 1e7 AND Milliseconds < 3.6e5

--- my_soundex: names that sound alike
SELECT LastName, SOUNDEX(LastName) AS sound FROM Customer ORDER BY sound, LastName LIMIT 10

--- my_md5: hash of a mail address
SELECT MD5(Email) AS anonymous, Country FROM Customer ORDER BY CustomerId LIMIT 5

--- my_char_length_ascii: length and code
SELECT Title, CHAR_LENGTH(Title) AS characters, ASCII(Title) AS code FROM Album ORDER BY characters DESC, Title LIMIT 5

--- my_values_in_union: constants as rows
SELECT r.region, COUNT(*) AS n FROM Customer c INNER JOIN (SELECT 'USA' AS country, 'west' AS region UNION SELECT 'India', 'east' UNION SELECT 'Australia', 'east') r ON r.country = c.Country GROUP BY r.region ORDER BY r.region

--- my_exists_year: customers who bought in every year
SELECT c.CustomerId FROM Customer c JOIN Invoice i ON i.CustomerId = c.CustomerId GROUP BY c.CustomerId HAVING COUNT(DISTINCT YEAR(i.InvoiceDate)) = 5 ORDER BY c.CustomerId

--- my_null_handling: nullif and ifnull together
SELECT BillingCountry, IFNULL(ROUND(SUM(Total) / NULLIF(SUM(Total > 10), 0), 2), 0) AS per_large FROM Invoice GROUP BY BillingCountry ORDER BY per_large DESC, BillingCountry

--- my_date_between_dates: days of a month by DATE
SELECT DAY(InvoiceDate) AS d, DAYOFMONTH(MIN(InvoiceDate)) AS same, COUNT(*) AS n FROM Invoice WHERE DATE(InvoiceDate) BETWEEN '2023-05-01' AND '2023-05-31' GROUP BY d ORDER BY d
