--- artist_list: all artists
SELECT * FROM Artist

--- artist_list_ordered: artists in alphabetical order
SELECT ArtistId, Name FROM Artist ORDER BY Name

--- genre_first_ten: first ten genres
SELECT GenreId, Name FROM Genre ORDER BY GenreId LIMIT 10

--- track_count: how many tracks are there
select count(*) from track

--- track_count_alias: number of tracks, named
SELECT COUNT(*) AS total_tracks FROM "Track";

--- revenue_total: total revenue
SELECT SUM(Total) AS revenue FROM Invoice

--- invoice_measures: several measures in one row
SELECT COUNT(*) AS invoices, SUM(Total) AS revenue, AVG(Total) AS average_invoice, MIN(Total) AS smallest, MAX(Total) AS largest FROM Invoice

--- countries_distinct: countries of our customers
SELECT DISTINCT Country FROM Customer ORDER BY Country

--- countries_count_distinct: number of countries
SELECT COUNT(DISTINCT Country) AS countries FROM Customer

--- city_country_distinct: distinct pairs
select distinct country, city from customer order by 1, 2

--- top_products: top 5 products by revenue
SELECT t.Name AS product, SUM(il.UnitPrice * il.Quantity) AS revenue
FROM InvoiceLine il
JOIN Track t ON t.TrackId = il.TrackId
GROUP BY t.TrackId, t.Name
ORDER BY revenue DESC, product, t.TrackId
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
SELECT "BillingCountry", SUM("Total") AS revenue FROM "Invoice" GROUP BY "BillingCountry" ORDER BY revenue DESC, "BillingCountry"

--- revenue_by_country_having: countries over 100
SELECT BillingCountry AS country, SUM(Total) AS revenue FROM Invoice GROUP BY BillingCountry HAVING SUM(Total) > 100 ORDER BY 2 DESC, 1

--- having_two: having with two conditions
select billingcountry, count(*) as n, avg(total) as average from invoice group by billingcountry having count(*) >= 7 and avg(total) > 5.5 order by n desc, billingcountry

--- having_without_group: having over the whole table
SELECT SUM(Total) AS revenue FROM Invoice HAVING COUNT(*) > 400

--- group_position: group by position
SELECT BillingCountry, BillingCity, COUNT(*) FROM Invoice GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20

--- genre_tracks: tracks per genre
SELECT g.Name, COUNT(t.TrackId) AS tracks FROM Genre g LEFT JOIN Track t ON t.GenreId = g.GenreId GROUP BY g.GenreId, g.Name ORDER BY tracks DESC, g.Name

--- right_join: media types with no track shown too
SELECT m.Name AS media_type, COUNT(t.TrackId) AS tracks FROM Track t RIGHT JOIN MediaType m ON m.MediaTypeId = t.MediaTypeId GROUP BY m.Name ORDER BY m.Name

--- right_outer_join: right outer join spelled out
SELECT ar.Name, al.Title FROM Album al RIGHT OUTER JOIN Artist ar ON ar.ArtistId = al.ArtistId WHERE al.AlbumId IS NULL ORDER BY ar.Name LIMIT 25

--- full_join: playlists and genres by name
select p.name as playlist, g.name as genre from playlist p full outer join genre g on g.name = p.name order by p.playlistid, g.genreid

--- cross_join: every genre with every media type
SELECT g."Name" AS genre, m."Name" AS media_type FROM "Genre" g CROSS JOIN "MediaType" m ORDER BY g."GenreId", m."MediaTypeId"

--- comma_join: old style join
SELECT al.Title, ar.Name FROM Album al, Artist ar WHERE al.ArtistId = ar.ArtistId ORDER BY al.AlbumId LIMIT 50

--- comma_join_three: old style join of three tables
SELECT ar.Name, COUNT(*) AS tracks FROM Artist ar, Album al, Track t WHERE ar.ArtistId = al.ArtistId AND al.AlbumId = t.AlbumId GROUP BY ar.Name ORDER BY tracks DESC, ar.Name LIMIT 10

--- using_join: join with using
SELECT Title, Name FROM Album JOIN Artist USING (ArtistId) ORDER BY Title LIMIT 30

--- using_join_many: several joins with using
SELECT ar.Name, COUNT(il.InvoiceLineId) AS sold FROM Artist ar JOIN Album al USING (ArtistId) JOIN Track t USING (AlbumId) JOIN InvoiceLine il USING (TrackId) GROUP BY ar.Name ORDER BY sold DESC, ar.Name LIMIT 15

--- using_two_columns: using with the merged column selected
select invoiceid, count(*) as line_count, max(total) as total from invoice inner join invoiceline using (invoiceid) group by invoiceid order by line_count desc, invoiceid limit 10

--- natural_join: natural join
SELECT Title, Name FROM Album NATURAL JOIN Artist ORDER BY AlbumId LIMIT 12

--- self_join_customers: customers in the same city
SELECT a.FirstName AS first, b.FirstName AS second, a.City FROM Customer a JOIN Customer b ON a.City = b.City AND a.CustomerId < b.CustomerId ORDER BY a.City, a.CustomerId, b.CustomerId

--- self_join_albums: pairs of albums of one artist
SELECT x.Title AS album_one, y.Title AS album_two FROM Album x INNER JOIN Album y ON x.ArtistId = y.ArtistId AND x.AlbumId < y.AlbumId ORDER BY x.AlbumId, y.AlbumId LIMIT 40

--- non_equi_join: price bands by non-equi join
SELECT b.label, COUNT(*) AS invoices FROM (SELECT 'small' AS label, 0 AS low, 3 AS high UNION ALL SELECT 'medium', 3, 10 UNION ALL SELECT 'large', 10, 1000) b JOIN "Invoice" i ON i."Total" >= b.low AND i."Total" < b.high GROUP BY b.label ORDER BY b.label

--- join_parentheses: nested join in parentheses
SELECT c.LastName, i.InvoiceId, il.InvoiceLineId FROM Customer c LEFT JOIN (Invoice i JOIN InvoiceLine il ON il.InvoiceId = i.InvoiceId) ON i.CustomerId = c.CustomerId WHERE c.Country = 'Norway' ORDER BY il.InvoiceLineId

--- join_on_or: join condition with or
select c.customerid, count(i.invoiceid) as n from customer c join invoice i on i.customerid = c.customerid and (i.billingcity = c.city or i.billingstate = c.state) group by c.customerid order by c.customerid

--- anti_join: artists without albums by anti join
SELECT ar.ArtistId, ar.Name FROM Artist ar LEFT JOIN Album al ON al.ArtistId = ar.ArtistId WHERE al.AlbumId IS NULL ORDER BY ar.ArtistId

--- anti_join_exists: tracks never sold
SELECT COUNT(*) AS never_sold FROM Track t WHERE NOT EXISTS (SELECT 1 FROM InvoiceLine il WHERE il.TrackId = t.TrackId)

--- in_subquery: tracks on the playlist Grunge
SELECT Name FROM Track WHERE TrackId IN (SELECT pt.TrackId FROM PlaylistTrack pt JOIN Playlist p ON p.PlaylistId = pt.PlaylistId WHERE p.Name = 'Grunge') ORDER BY Name

--- not_in_subquery: customers who did not buy in 2025
SELECT FirstName, LastName FROM Customer WHERE CustomerId NOT IN (SELECT CustomerId FROM Invoice WHERE InvoiceDate >= '2025-01-01') ORDER BY CustomerId

--- exists_subquery: customers with an invoice over 20
SELECT c.LastName FROM Customer c WHERE EXISTS (SELECT * FROM Invoice i WHERE i.CustomerId = c.CustomerId AND i.Total > 20) ORDER BY c.LastName

--- scalar_subquery_where: invoices above the average
select invoiceid, total from invoice where total > (select avg(total) from invoice) order by total desc, invoiceid limit 20

--- scalar_subquery_select: each country's share of revenue
SELECT "BillingCountry", SUM("Total") AS revenue, ROUND(100.0 * SUM("Total") / (SELECT SUM("Total") FROM "Invoice"), 2) AS percent_of_total FROM "Invoice" GROUP BY "BillingCountry" ORDER BY revenue DESC, "BillingCountry"

--- correlated_select: number of albums by correlated subquery
SELECT ar.Name, (SELECT COUNT(*) FROM Album al WHERE al.ArtistId = ar.ArtistId) AS albums FROM Artist ar ORDER BY albums DESC, ar.Name LIMIT 10

--- correlated_max: last invoice of every customer
SELECT i.CustomerId, i.InvoiceId, i.InvoiceDate FROM Invoice i WHERE i.InvoiceDate = (SELECT MAX(i2.InvoiceDate) FROM Invoice i2 WHERE i2.CustomerId = i.CustomerId) ORDER BY i.CustomerId

--- row_in: pairs in a subquery
SELECT InvoiceId, BillingCountry, Total FROM Invoice WHERE (BillingCountry, Total) IN (SELECT BillingCountry, MAX(Total) FROM Invoice GROUP BY BillingCountry) ORDER BY BillingCountry, InvoiceId

--- derived_table: average of sums
SELECT AVG(spent) AS average_customer_value FROM (SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId) AS per_customer

--- derived_table_join: joined derived tables
select c.country, s.spent from customer c join (select customerid, sum(total) as spent from invoice group by customerid) s on s.customerid = c.customerid order by s.spent desc, c.customerid limit 5

--- derived_nested: three levels of derived tables
SELECT country_rank.country FROM (SELECT country, revenue FROM (SELECT BillingCountry AS country, SUM(Total) AS revenue FROM Invoice GROUP BY BillingCountry) AS sums WHERE revenue > 50) AS country_rank ORDER BY country_rank.revenue DESC, country_rank.country

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
WITH spending (customer, amount) AS (SELECT "CustomerId", SUM("Total") FROM "Invoice" GROUP BY "CustomerId") SELECT customer, amount FROM spending WHERE amount > 40 ORDER BY amount DESC, customer

--- cte_shadow_other: an expression named as another table
with genre as (select genreid, count(*) as tracks from track group by genreid) select genreid, tracks from genre order by tracks desc, genreid limit 5

--- cte_nested: an expression within an expression
WITH outer_part AS (WITH inner_part AS (SELECT CustomerId, COUNT(*) AS n FROM Invoice GROUP BY CustomerId) SELECT n, COUNT(*) AS customers FROM inner_part GROUP BY n) SELECT n, customers FROM outer_part ORDER BY n

--- cte_in_subquery: an expression inside a derived table
SELECT x.country, x.n FROM (WITH by_country AS (SELECT Country AS country, COUNT(*) AS n FROM Customer GROUP BY Country) SELECT country, n FROM by_country WHERE n > 2) x ORDER BY x.n DESC, x.country

--- cte_twice: an expression used twice
WITH yearly AS (SELECT CAST(strftime('%Y', InvoiceDate) AS INTEGER) AS y, SUM(Total) AS revenue FROM Invoice GROUP BY CAST(strftime('%Y', InvoiceDate) AS INTEGER)) SELECT a.y, a.revenue, b.revenue AS year_before FROM yearly a LEFT JOIN yearly b ON b.y = a.y - 1 ORDER BY a.y

--- cte_four: four expressions in a row
WITH a AS (SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId), b AS (SELECT AVG(spent) AS average FROM a), c AS (SELECT a.CustomerId, a.spent - b.average AS distance FROM a CROSS JOIN b), d AS (SELECT CustomerId, distance FROM c WHERE distance > 0) SELECT COUNT(*) AS above_average, MAX(distance) AS furthest FROM d

--- recursive_numbers: numbers from one to ten
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n ORDER BY i

--- recursive_months: revenue of each month of 2023, empty months too
with recursive months (m) as (select 1 union all select m + 1 from months where m < 12) select months.m as month_of_year, coalesce(sum(i.total), 0) as revenue from months left join invoice i on cast(strftime('%m', i.invoicedate) as integer) = months.m and cast(strftime('%Y', i.invoicedate) as integer) = 2023 group by months.m order by months.m

--- recursive_years: years without sales
WITH RECURSIVE years AS (SELECT 2019 AS y UNION ALL SELECT y + 1 FROM years WHERE y < 2027) SELECT y FROM years WHERE y NOT IN (SELECT CAST(strftime('%Y', "InvoiceDate") AS INTEGER) FROM "Invoice") ORDER BY y

--- revenue_by_year: revenue per year
SELECT CAST(strftime('%Y', InvoiceDate) AS INTEGER) AS sales_year, SUM(Total) AS revenue FROM Invoice GROUP BY CAST(strftime('%Y', InvoiceDate) AS INTEGER) ORDER BY sales_year

--- revenue_by_month: revenue per month
SELECT strftime('%Y-%m', InvoiceDate) AS sales_month, SUM(Total) AS revenue, COUNT(*) AS invoices FROM Invoice GROUP BY strftime('%Y-%m', InvoiceDate) ORDER BY sales_month

--- revenue_by_month_alias: month grouped by the alias
SELECT strftime('%Y-%m', i.InvoiceDate) AS ym, SUM(i.Total) AS revenue FROM Invoice i GROUP BY ym ORDER BY ym DESC LIMIT 12

--- revenue_month_start: first day of month
SELECT date(InvoiceDate, 'start of month') AS month_start, SUM(Total) AS revenue FROM Invoice GROUP BY 1 ORDER BY 1

--- year_month_pivot: years by quarter, conditional sums
select cast(strftime('%Y', invoicedate) as integer) as y,
  sum(case when cast(strftime('%m', invoicedate) as integer) between 1 and 3 then total else 0 end) as q1,
  sum(case when cast(strftime('%m', invoicedate) as integer) between 4 and 6 then total else 0 end) as q2,
  sum(case when cast(strftime('%m', invoicedate) as integer) between 7 and 9 then total else 0 end) as q3,
  sum(case when cast(strftime('%m', invoicedate) as integer) between 10 and 12 then total else 0 end) as q4
from invoice
group by cast(strftime('%Y', invoicedate) as integer)
order by y

--- date_range: invoices of the first quarter of 2024
SELECT InvoiceId, InvoiceDate, Total FROM Invoice WHERE InvoiceDate BETWEEN '2024-01-01' AND '2024-03-31' ORDER BY InvoiceDate, InvoiceId

--- date_half_open: half open range
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate >= '2022-06-01' AND InvoiceDate < '2022-07-01'

--- year_filter: one year
SELECT BillingCountry, SUM(Total) AS revenue FROM Invoice WHERE CAST(strftime('%Y', InvoiceDate) AS INTEGER) = 2024 GROUP BY BillingCountry ORDER BY revenue DESC, BillingCountry LIMIT 5

--- first_last_purchase: first and last purchase
SELECT "CustomerId", MIN("InvoiceDate") AS first_purchase, MAX("InvoiceDate") AS last_purchase, CAST(julianday(MAX("InvoiceDate")) - julianday(MIN("InvoiceDate")) AS INTEGER) AS days_between FROM "Invoice" GROUP BY "CustomerId" ORDER BY days_between DESC, "CustomerId" LIMIT 10

--- yoy_growth: growth over the year before
WITH yearly AS (SELECT CAST(strftime('%Y', InvoiceDate) AS INTEGER) AS y, SUM(Total) AS revenue FROM Invoice GROUP BY CAST(strftime('%Y', InvoiceDate) AS INTEGER)) SELECT y, revenue, LAG(revenue) OVER (ORDER BY y) AS previous, ROUND(100.0 * (revenue - LAG(revenue) OVER (ORDER BY y)) / LAG(revenue) OVER (ORDER BY y), 1) AS growth_percent FROM yearly ORDER BY y

--- mom_growth: growth over the month before
with monthly as (select strftime('%Y-%m', invoicedate) as ym, sum(total) as revenue from invoice group by strftime('%Y-%m', invoicedate)), compared as (select ym, revenue, lag(revenue, 1) over (order by ym) as earlier from monthly) select ym, revenue, revenue - earlier as difference from compared where earlier is not null order by ym

--- same_month_last_year: lag of twelve months
WITH monthly AS (SELECT strftime('%Y-%m', InvoiceDate) AS ym, SUM(Total) AS revenue FROM Invoice GROUP BY strftime('%Y-%m', InvoiceDate)) SELECT ym, revenue, LAG(revenue, 12, 0) OVER (ORDER BY ym) AS year_ago FROM monthly ORDER BY ym DESC LIMIT 24

--- running_total: running total of revenue
SELECT InvoiceDate, Total, SUM(Total) OVER (ORDER BY InvoiceDate, InvoiceId) AS running_total FROM Invoice ORDER BY InvoiceDate, InvoiceId LIMIT 100

--- running_total_rows: running total with a frame
SELECT InvoiceId, SUM(Total) OVER (ORDER BY InvoiceId ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM Invoice ORDER BY InvoiceId

--- running_total_short_frame: frame with a single bound
SELECT InvoiceId, SUM(Total) OVER (PARTITION BY BillingCountry ORDER BY InvoiceId ROWS UNBOUNDED PRECEDING) AS running FROM Invoice ORDER BY BillingCountry, InvoiceId

--- moving_average: moving average of three months
WITH monthly AS (SELECT strftime('%Y-%m', InvoiceDate) AS ym, SUM(Total) AS revenue FROM Invoice GROUP BY strftime('%Y-%m', InvoiceDate)) SELECT ym, revenue, AVG(revenue) OVER (ORDER BY ym ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving_average FROM monthly ORDER BY ym

--- centered_average: centred average
with monthly as (select strftime('%Y-%m', invoicedate) as ym, sum(total) as revenue from invoice group by strftime('%Y-%m', invoicedate)) select ym, avg(revenue) over (order by ym rows between 1 preceding and 1 following) as centred from monthly order by ym

--- range_frame: frame by range
SELECT "InvoiceId", "Total", COUNT(*) OVER (ORDER BY "Total" RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS cheaper_or_equal FROM "Invoice" ORDER BY "Total", "InvoiceId"

--- rows_following: what is still to come
SELECT InvoiceId, SUM(Total) OVER (ORDER BY InvoiceId ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS still_to_come FROM Invoice ORDER BY InvoiceId LIMIT 10

--- named_window: named window used twice
SELECT InvoiceId, BillingCountry, ROW_NUMBER() OVER w AS n, SUM(Total) OVER w AS running FROM Invoice WINDOW w AS (PARTITION BY BillingCountry ORDER BY InvoiceDate, InvoiceId) ORDER BY BillingCountry, n

--- row_number_latest: newest invoice per customer
SELECT CustomerId, InvoiceId, Total FROM (SELECT i.*, ROW_NUMBER() OVER (PARTITION BY i.CustomerId ORDER BY i.InvoiceDate DESC, i.InvoiceId DESC) AS rn FROM Invoice i) ranked WHERE rn = 1 ORDER BY CustomerId

--- rank_country: rank of countries
SELECT BillingCountry, SUM(Total) AS revenue, RANK() OVER (ORDER BY SUM(Total) DESC) AS position FROM Invoice GROUP BY BillingCountry ORDER BY position, BillingCountry

--- dense_rank_top3: three best tracks of each genre
with sold as (select g.name as genre, t.name as track, sum(il.quantity) as quantity from invoiceline il join track t on t.trackid = il.trackid join genre g on g.genreid = t.genreid group by g.name, t.name), ranked as (select genre, track, quantity, dense_rank() over (partition by genre order by quantity desc) as place from sold) select genre, track, quantity, place from ranked where place <= 1 order by genre, track

--- ntile_quartiles: customers in four groups
SELECT CustomerId, spent, NTILE(4) OVER (ORDER BY spent DESC, CustomerId) AS quartile FROM (SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId) s ORDER BY quartile, CustomerId

--- percent_rank: relative rank
SELECT CustomerId, spent, PERCENT_RANK() OVER (ORDER BY spent) AS relative_rank, CUME_DIST() OVER (ORDER BY spent) AS share FROM (SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId) s ORDER BY spent, CustomerId

--- first_last_value: first and last value
SELECT DISTINCT CustomerId, FIRST_VALUE(Total) OVER (PARTITION BY CustomerId ORDER BY InvoiceDate, InvoiceId) AS first_total, LAST_VALUE(Total) OVER (PARTITION BY CustomerId ORDER BY InvoiceDate, InvoiceId ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_total FROM Invoice ORDER BY CustomerId

--- nth_value: second invoice
SELECT DISTINCT "CustomerId", NTH_VALUE("InvoiceId", 2) OVER (PARTITION BY "CustomerId" ORDER BY "InvoiceDate", "InvoiceId" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second_invoice FROM "Invoice" ORDER BY "CustomerId"

--- lead_gap: days until the next purchase
SELECT CustomerId, InvoiceDate, CAST(julianday(LEAD(InvoiceDate) OVER (PARTITION BY CustomerId ORDER BY InvoiceDate)) - julianday(InvoiceDate) AS INTEGER) AS days_to_next FROM Invoice ORDER BY CustomerId, InvoiceDate

--- share_of_partition: share within the country
select billingcountry, billingcity, sum(total) as revenue, round(100.0 * sum(total) / sum(sum(total)) over (partition by billingcountry), 1) as percent_of_country from invoice group by billingcountry, billingcity order by billingcountry, revenue desc, billingcity

--- cumulative_share: pareto of customers
WITH s AS (SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId), c AS (SELECT CustomerId, spent, SUM(spent) OVER (ORDER BY spent DESC, CustomerId) AS cumulative, SUM(spent) OVER () AS everything FROM s) SELECT CustomerId, spent, ROUND(100.0 * cumulative / everything, 2) AS cumulative_percent FROM c ORDER BY cumulative, CustomerId

--- abc_analysis: ABC classes of products
WITH sales AS (SELECT TrackId, SUM(UnitPrice * Quantity) AS revenue FROM InvoiceLine GROUP BY TrackId), shares AS (SELECT TrackId, revenue, SUM(revenue) OVER (ORDER BY revenue DESC, TrackId) / SUM(revenue) OVER () AS share FROM sales) SELECT CASE WHEN share <= 0.8 THEN 'A' WHEN share <= 0.95 THEN 'B' ELSE 'C' END AS class, COUNT(*) AS products, SUM(revenue) AS revenue FROM shares GROUP BY CASE WHEN share <= 0.8 THEN 'A' WHEN share <= 0.95 THEN 'B' ELSE 'C' END ORDER BY class

--- cohort: cohorts by year of the first purchase
WITH first_buy AS (SELECT CustomerId, MIN(CAST(strftime('%Y', InvoiceDate) AS INTEGER)) AS cohort FROM Invoice GROUP BY CustomerId) SELECT f.cohort, CAST(strftime('%Y', i.InvoiceDate) AS INTEGER) - f.cohort AS years_later, COUNT(DISTINCT i.CustomerId) AS customers, SUM(i.Total) AS revenue FROM first_buy f JOIN Invoice i ON i.CustomerId = f.CustomerId GROUP BY f.cohort, CAST(strftime('%Y', i.InvoiceDate) AS INTEGER) - f.cohort ORDER BY f.cohort, years_later

--- retention: customers who bought in two years running
SELECT a.y, COUNT(DISTINCT a.CustomerId) AS customers, COUNT(DISTINCT b.CustomerId) AS came_back FROM (SELECT DISTINCT CustomerId, CAST(strftime('%Y', InvoiceDate) AS INTEGER) AS y FROM Invoice) a LEFT JOIN (SELECT DISTINCT CustomerId, CAST(strftime('%Y', InvoiceDate) AS INTEGER) AS y FROM Invoice) b ON b.CustomerId = a.CustomerId AND b.y = a.y + 1 GROUP BY a.y ORDER BY a.y

--- market_basket: genres bought together
SELECT g1.Name AS genre_one, g2.Name AS genre_two, COUNT(DISTINCT l1.InvoiceId) AS together FROM InvoiceLine l1 JOIN InvoiceLine l2 ON l1.InvoiceId = l2.InvoiceId JOIN Track t1 ON t1.TrackId = l1.TrackId JOIN Track t2 ON t2.TrackId = l2.TrackId JOIN Genre g1 ON g1.GenreId = t1.GenreId JOIN Genre g2 ON g2.GenreId = t2.GenreId WHERE g1.GenreId < g2.GenreId GROUP BY g1.Name, g2.Name ORDER BY together DESC, g1.Name, g2.Name LIMIT 10

--- basket_size: distribution of basket sizes
select line_count, count(*) as invoices from (select invoiceid, count(*) as line_count from invoiceline group by invoiceid) b group by line_count order by line_count

--- rfm: recency, frequency, money
WITH rfm AS (SELECT "CustomerId", MAX("InvoiceDate") AS recency, COUNT(*) AS frequency, SUM("Total") AS money FROM "Invoice" GROUP BY "CustomerId") SELECT "CustomerId", NTILE(5) OVER (ORDER BY recency, "CustomerId") AS r, NTILE(5) OVER (ORDER BY frequency, "CustomerId") AS f, NTILE(5) OVER (ORDER BY money, "CustomerId") AS m FROM rfm ORDER BY "CustomerId"

--- segment_case: segments by case
SELECT segment, COUNT(*) AS customers FROM (SELECT CASE WHEN SUM(Total) >= 45 THEN 'gold' WHEN SUM(Total) >= 40 THEN 'silver' ELSE 'bronze' END AS segment FROM Invoice GROUP BY CustomerId) x GROUP BY segment ORDER BY segment

--- case_simple: simple case
SELECT Name, CASE MediaTypeId WHEN 3 THEN 'video' ELSE 'audio' END AS kind FROM Track ORDER BY TrackId LIMIT 20

--- case_in_order: case in order by
SELECT Country, COUNT(*) AS n FROM Customer GROUP BY Country ORDER BY CASE WHEN Country = 'USA' THEN 0 WHEN Country = 'Canada' THEN 1 ELSE 2 END, Country

--- case_nested: nested case
SELECT InvoiceId, CASE WHEN Total > 10 THEN CASE WHEN BillingCountry = 'USA' THEN 'large, home' ELSE 'large, abroad' END ELSE 'small' END AS kind FROM Invoice ORDER BY InvoiceId LIMIT 50

--- case_no_else: case without else
select billingcountry, count(case when total > 10 then 1 end) as large_invoices from invoice group by billingcountry order by 2 desc, 1

--- filter_clause: aggregate with filter
SELECT BillingCountry, COUNT(*) FILTER (WHERE Total > 10) AS large_invoices, SUM(Total) FILTER (WHERE Total <= 10) AS small_revenue FROM Invoice GROUP BY BillingCountry ORDER BY BillingCountry

--- filter_window: filter on a window function
SELECT InvoiceId, COUNT(*) FILTER (WHERE Total > 5) OVER (PARTITION BY BillingCountry) AS n FROM Invoice ORDER BY InvoiceId LIMIT 30

--- coalesce: missing company
SELECT CustomerId, COALESCE(Company, 'private person') AS company FROM Customer ORDER BY CustomerId

--- coalesce_three: first that is there
SELECT "CustomerId", COALESCE("State", "City", "Country", 'unknown') AS place FROM "Customer" ORDER BY "CustomerId"

--- nullif: avoid division by zero
SELECT g.Name, SUM(il.Quantity) / NULLIF(COUNT(DISTINCT il.InvoiceId), 0) AS per_invoice FROM Genre g LEFT JOIN Track t ON t.GenreId = g.GenreId LEFT JOIN InvoiceLine il ON il.TrackId = t.TrackId GROUP BY g.GenreId, g.Name ORDER BY g.Name

--- is_null: customers without company
select count(*) as without_company from customer where company is null

--- is_not_null: customers with state and company
SELECT FirstName, LastName FROM Customer WHERE Company IS NOT NULL AND State IS NOT NULL ORDER BY CustomerId

--- null_share: share of missing values
SELECT ROUND(100.0 * SUM(CASE WHEN Composer IS NULL THEN 1 ELSE 0 END) / COUNT(*), 2) AS percent_missing FROM Track

--- like_prefix: tracks beginning with Love
SELECT Name FROM Track WHERE Name LIKE 'Love%' ORDER BY Name

--- like_middle: tracks about love
SELECT COUNT(*) AS n FROM Track WHERE LOWER(Name) LIKE '%love%'

--- not_like: mail addresses not at gmail
SELECT Email FROM Customer WHERE Email NOT LIKE '%@gmail.com' ORDER BY Email

--- like_underscore: single character wildcard
select distinct country from customer where country like '_S_' order by country

--- like_or: several patterns
SELECT "Name" FROM "Artist" WHERE "Name" LIKE 'The %' OR "Name" LIKE '% Band' ORDER BY "Name"

--- in_list: three countries
SELECT FirstName, LastName, Country FROM Customer WHERE Country IN ('USA', 'Canada', 'Brazil') ORDER BY Country, LastName, FirstName

--- not_in_list: other countries
SELECT Country, COUNT(*) FROM Customer WHERE Country NOT IN ('USA', 'Canada') GROUP BY Country ORDER BY Country

--- in_numbers: list of numbers
SELECT Name FROM Genre WHERE GenreId IN (1, 2, 3, 5, 8, 13) ORDER BY GenreId

--- between_numbers: tracks between four and five minutes
SELECT COUNT(*) FROM Track WHERE Milliseconds BETWEEN 240000 AND 300000

--- not_between: neither cheap nor dear
select invoiceid from invoice where total not between 1 and 15 order by invoiceid

--- and_or_not: boolean logic
SELECT CustomerId FROM Customer WHERE (Country = 'USA' OR Country = 'Canada') AND NOT (State IS NULL) AND Company IS NULL ORDER BY CustomerId

--- not_equal_signs: both signs for not equal
SELECT COUNT(*) FROM Track WHERE GenreId <> 1 AND MediaTypeId != 3

--- union_all: counts of tables
SELECT 'albums' AS what, COUNT(*) AS n FROM Album UNION ALL SELECT 'artists', COUNT(*) FROM Artist UNION ALL SELECT 'tracks', COUNT(*) FROM Track

--- union_distinct: places of customers and invoices
SELECT "Country" AS place FROM "Customer" UNION SELECT "BillingCountry" FROM "Invoice" ORDER BY place

--- union_limit: set operation with limit
SELECT Name FROM Genre UNION SELECT Name FROM MediaType ORDER BY 1 LIMIT 7

--- intersect: names of both artist and album
select name from artist intersect select title from album order by 1

--- except: countries with customers but without large invoices
SELECT Country FROM Customer EXCEPT SELECT BillingCountry FROM Invoice WHERE Total > 20 ORDER BY 1

--- union_in_derived: union in a derived table
SELECT kind, COUNT(*) AS n FROM (SELECT 'artist' AS kind, Name FROM Artist UNION ALL SELECT 'album', Title FROM Album UNION ALL SELECT 'track', Name FROM Track) names WHERE LENGTH(Name) > 20 GROUP BY kind ORDER BY kind

--- union_in_cte: union in an expression
WITH everything AS (SELECT AlbumId AS id, Title AS label FROM Album UNION ALL SELECT ArtistId, Name FROM Artist) SELECT COUNT(*) AS n, COUNT(DISTINCT label) AS labels FROM everything

--- total_row: sum row below the table
SELECT BillingCountry AS country, SUM(Total) AS revenue FROM Invoice WHERE BillingCountry IN ('Chile', 'India') GROUP BY BillingCountry UNION ALL SELECT 'all', SUM(Total) FROM Invoice WHERE BillingCountry IN ('Chile', 'India')

--- limit_offset: second page
SELECT TrackId, Name FROM Track ORDER BY TrackId LIMIT 20 OFFSET 20

--- order_expression: order by an expression
select trackid, name from track order by milliseconds / 60000 desc, trackid limit 10

--- order_mixed: mixed directions
SELECT "Country", "State", "City" FROM "Customer" ORDER BY "Country" ASC, "City" DESC

--- order_hidden: order by a column that is not selected
SELECT Name FROM Track ORDER BY Bytes DESC, TrackId LIMIT 5

--- order_nulls_last: missing values last
SELECT CustomerId, Company FROM Customer ORDER BY Company ASC NULLS LAST, CustomerId

--- order_nulls_first: missing values first
SELECT CustomerId, State FROM Customer ORDER BY State DESC NULLS FIRST, CustomerId

--- order_aggregate: order by an aggregate
SELECT BillingCity FROM Invoice GROUP BY BillingCity ORDER BY SUM(Total) DESC, BillingCity LIMIT 3

--- literals: literals only
select 1 as one, 'text' as words, 2.5 as number, null as missing

--- arithmetic: arithmetic and precedence
SELECT InvoiceLineId, UnitPrice * Quantity * 1.19 AS gross, (UnitPrice - 0.5) * 2 AS odd, -Quantity AS negative, Quantity % 2 AS remainder FROM InvoiceLine ORDER BY InvoiceLineId LIMIT 10

--- minutes: track length in minutes
SELECT Name, ROUND(Milliseconds / 60000.0, 2) AS minutes FROM Track ORDER BY Milliseconds DESC LIMIT 10

--- album_length: length of albums
SELECT al.Title, SUM(t.Milliseconds) / 1000 AS seconds, COUNT(*) AS tracks FROM Album al JOIN Track t ON t.AlbumId = al.AlbumId GROUP BY al.AlbumId, al.Title HAVING COUNT(*) > 20 ORDER BY seconds DESC, al.AlbumId

--- average_price: average price by media type
SELECT m."Name", AVG(t."UnitPrice") AS average_price FROM "MediaType" m JOIN "Track" t ON t."MediaTypeId" = m."MediaTypeId" GROUP BY m."Name" ORDER BY average_price DESC, m."Name"

--- round_abs: round, abs
SELECT InvoiceId, ROUND(Total) AS whole, ABS(Total - 5) AS distance FROM Invoice ORDER BY distance, InvoiceId LIMIT 10

--- upper_lower: upper and lower case
select upper(lastname) as last_name, lower(email) as email from customer order by customerid limit 10

--- concat_names: full name
SELECT FirstName || ' ' || LastName AS full_name FROM Customer ORDER BY LastName, FirstName

--- concat_number: text from a number
SELECT CAST(InvoiceId AS TEXT) || ': ' || BillingCountry AS label FROM Invoice ORDER BY InvoiceId LIMIT 5

--- substring: domain of mail addresses
SELECT SUBSTR(Email, instr(Email, '@') + 1) AS domain, COUNT(*) AS n FROM Customer GROUP BY SUBSTR(Email, instr(Email, '@') + 1) ORDER BY n DESC, domain

--- initials: initials
SELECT SUBSTR(FirstName, 1, 1) || SUBSTR(LastName, 1, 1) AS initials FROM Customer ORDER BY CustomerId

--- replace_trim: replace and trim
SELECT REPLACE(Phone, ' ', '') AS phone, TRIM(Fax) AS fax FROM Customer ORDER BY CustomerId LIMIT 10

--- length: longest titles
select title, length(title) as characters from album order by length(title) desc, title limit 10

--- cast_decimal: cast to decimal
SELECT "BillingCountry", ROUND(AVG("Total"), 2) AS average_total FROM "Invoice" GROUP BY "BillingCountry" ORDER BY "BillingCountry"

--- cast_integer: cast to whole number
SELECT CAST(Total AS INTEGER) AS whole, COUNT(*) AS n FROM Invoice GROUP BY CAST(Total AS INTEGER) ORDER BY whole

--- histogram: histogram of totals in steps of five
SELECT CAST(Total / 5 AS INTEGER) * 5 AS bucket, COUNT(*) AS invoices FROM Invoice GROUP BY CAST(Total / 5 AS INTEGER) * 5 ORDER BY bucket

--- text_aggregate: genres in one line
SELECT group_concat(Name, ', ') AS genres FROM Genre

--- text_aggregate_group: albums of each artist
SELECT ar.Name, group_concat(al.Title, '; ') AS albums FROM Artist ar JOIN Album al ON al.ArtistId = ar.ArtistId GROUP BY ar.ArtistId, ar.Name HAVING COUNT(*) > 5 ORDER BY ar.Name

--- quoted_aliases: aliases with blanks
select billingcountry as "Billing country", sum(total) as "Total revenue (USD)" from invoice group by billingcountry order by "Total revenue (USD)" desc, "Billing country"

--- alias_equals_column: alias equal to a column
SELECT CustomerId, SUM(Total) AS Total FROM Invoice GROUP BY CustomerId ORDER BY SUM(Total) DESC, CustomerId LIMIT 5

--- alias_equals_table: alias equal to a table
SELECT Album.Title FROM Track AS Album_tracks JOIN Album ON Album.AlbumId = Album_tracks.AlbumId WHERE Album_tracks.TrackId = 1

--- alias_swapped: aliases that are names of other tables
SELECT Genre.Name FROM MediaType AS Genre ORDER BY Genre.MediaTypeId

--- unqualified_join: unqualified columns in a join
SELECT "Title", "Milliseconds" FROM "Album" a JOIN "Track" t ON a."AlbumId" = t."AlbumId" WHERE "Milliseconds" > 2000000 ORDER BY "Milliseconds" DESC

--- full_table_names: full table names instead of aliases
SELECT Artist.Name, COUNT(Album.AlbumId) AS albums FROM Artist INNER JOIN Album ON Artist.ArtistId = Album.ArtistId GROUP BY Artist.Name ORDER BY albums DESC, Artist.Name LIMIT 5

--- star_and_more: star with an expression
select i.*, i.total * 0.2 as tax from invoice i where i.invoiceid <= 5 order by i.invoiceid

--- two_stars: two qualified stars
SELECT al.*, ar.* FROM Album al JOIN Artist ar ON ar.ArtistId = al.ArtistId WHERE ar.Name = 'Queen' ORDER BY al.AlbumId

--- star_join: star over a join
SELECT * FROM PlaylistTrack pt JOIN Playlist p ON p.PlaylistId = pt.PlaylistId WHERE p.PlaylistId = 16 ORDER BY pt.TrackId

--- count_star_star: counts side by side
SELECT (SELECT COUNT(*) FROM Track) AS tracks, (SELECT COUNT(*) FROM Album) AS albums, (SELECT COUNT(*) FROM Artist) AS artists

--- ratio: ratio of two subqueries
SELECT ROUND((SELECT SUM(Total) FROM Invoice WHERE BillingCountry = 'USA') * 100.0 / (SELECT SUM(Total) FROM Invoice), 1) AS percent_from_usa

--- having_subquery: having with a subquery
SELECT CustomerId, SUM(Total) AS spent FROM Invoice GROUP BY CustomerId HAVING SUM(Total) > (SELECT AVG(s) FROM (SELECT SUM(Total) AS s FROM Invoice GROUP BY CustomerId) x) ORDER BY spent DESC, CustomerId

--- max_per_group: longest track of each genre
SELECT g.Name AS genre, t.Name AS track, t.Milliseconds FROM Track t JOIN Genre g ON g.GenreId = t.GenreId JOIN (SELECT GenreId, MAX(Milliseconds) AS longest FROM Track GROUP BY GenreId) m ON m.GenreId = t.GenreId AND m.longest = t.Milliseconds ORDER BY g.Name, t.TrackId

--- second_highest: second highest invoice
SELECT MAX(Total) AS second_highest FROM Invoice WHERE Total < (SELECT MAX(Total) FROM Invoice)

--- median_by_rank: median by row numbers
WITH o AS (SELECT Total, ROW_NUMBER() OVER (ORDER BY Total) AS rn, COUNT(*) OVER () AS n FROM Invoice) SELECT AVG(Total) AS median FROM o WHERE rn BETWEEN n / 2.0 AND n / 2.0 + 1

--- variance_by_hand: variance by its formula
select avg(total * total) - avg(total) * avg(total) as variance from invoice

--- weighted_average: weighted average price
SELECT SUM(UnitPrice * Quantity) / SUM(Quantity) AS weighted_price FROM InvoiceLine

--- distinct_ratio: tracks sold more than once
SELECT times_sold, COUNT(*) AS tracks FROM (SELECT TrackId, COUNT(*) AS times_sold FROM InvoiceLine GROUP BY TrackId) s GROUP BY times_sold ORDER BY times_sold

--- duplicates: track names that occur more than once
SELECT Name, COUNT(*) AS n FROM Track GROUP BY Name HAVING COUNT(*) > 1 ORDER BY n DESC, Name

--- check_totals: invoices whose lines do not add up
SELECT i."InvoiceId", i."Total", SUM(il."UnitPrice" * il."Quantity") AS computed FROM "Invoice" i JOIN "InvoiceLine" il ON il."InvoiceId" = i."InvoiceId" GROUP BY i."InvoiceId", i."Total" HAVING ABS(i."Total" - SUM(il."UnitPrice" * il."Quantity")) > 0.01 ORDER BY i."InvoiceId"

--- support_rep: customers and revenue per support person
SELECT c.SupportRepId, COUNT(DISTINCT c.CustomerId) AS customers, SUM(i.Total) AS revenue FROM Customer c LEFT JOIN Invoice i ON i.CustomerId = c.CustomerId GROUP BY c.SupportRepId ORDER BY revenue DESC

--- playlist_sizes: playlists with number of tracks
select p.playlistid, p.name, count(pt.trackid) as tracks, coalesce(sum(t.unitprice), 0) as price from playlist p left join playlisttrack pt on pt.playlistid = p.playlistid left join track t on t.trackid = pt.trackid group by p.playlistid, p.name order by tracks desc, p.playlistid

--- tracks_in_many_playlists: tracks on most playlists
SELECT t.Name, COUNT(DISTINCT pt.PlaylistId) AS playlists FROM Track t JOIN PlaylistTrack pt USING (TrackId) GROUP BY t.TrackId, t.Name HAVING COUNT(DISTINCT pt.PlaylistId) >= 5 ORDER BY t.Name

--- relational_division: customers who bought all of three genres
SELECT c.CustomerId FROM Customer c JOIN Invoice i ON i.CustomerId = c.CustomerId JOIN InvoiceLine il ON il.InvoiceId = i.InvoiceId JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId WHERE g.Name IN ('Rock', 'Jazz', 'Metal') GROUP BY c.CustomerId HAVING COUNT(DISTINCT g.Name) = 3 ORDER BY c.CustomerId

--- double_not_exists: artists all of whose albums were sold
SELECT ar.Name FROM Artist ar WHERE EXISTS (SELECT 1 FROM Album al WHERE al.ArtistId = ar.ArtistId) AND NOT EXISTS (SELECT 1 FROM Album al WHERE al.ArtistId = ar.ArtistId AND NOT EXISTS (SELECT 1 FROM Track t JOIN InvoiceLine il ON il.TrackId = t.TrackId WHERE t.AlbumId = al.AlbumId)) ORDER BY ar.Name LIMIT 30

--- favourite_genre: favourite genre of each country
WITH counts AS (SELECT i.BillingCountry AS country, g.Name AS genre, COUNT(*) AS n FROM Invoice i JOIN InvoiceLine il ON il.InvoiceId = i.InvoiceId JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId GROUP BY i.BillingCountry, g.Name) SELECT country, genre, n FROM (SELECT country, genre, n, RANK() OVER (PARTITION BY country ORDER BY n DESC) AS place FROM counts) r WHERE place = 1 ORDER BY country, genre

--- gaps_between_sales: longest gap between two invoices
SELECT MAX(gap) AS longest_gap FROM (SELECT CAST(julianday(InvoiceDate) - julianday(LAG(InvoiceDate) OVER (ORDER BY InvoiceDate, InvoiceId)) AS INTEGER) AS gap FROM Invoice) g

--- day_bucket: sales per day
select date(invoicedate) as day, count(*) as invoices, sum(total) as revenue from invoice group by date(invoicedate) order by revenue desc, day limit 10

--- new_customers: new customers per year
SELECT first_year, COUNT(*) AS new_customers FROM (SELECT "CustomerId", MIN(CAST(strftime('%Y', "InvoiceDate") AS INTEGER)) AS first_year FROM "Invoice" GROUP BY "CustomerId") f GROUP BY first_year ORDER BY first_year

--- churned: customers without a purchase after June 2025
SELECT c.FirstName, c.LastName, MAX(i.InvoiceDate) AS last_purchase FROM Customer c JOIN Invoice i ON i.CustomerId = c.CustomerId GROUP BY c.CustomerId, c.FirstName, c.LastName HAVING MAX(i.InvoiceDate) < '2025-06-01' ORDER BY last_purchase, c.LastName

--- compare_two_years: two years side by side
SELECT BillingCountry, SUM(CASE WHEN CAST(strftime('%Y', InvoiceDate) AS INTEGER) = 2024 THEN Total ELSE 0 END) AS y2024, SUM(CASE WHEN CAST(strftime('%Y', InvoiceDate) AS INTEGER) = 2025 THEN Total ELSE 0 END) AS y2025 FROM Invoice GROUP BY BillingCountry HAVING SUM(CASE WHEN CAST(strftime('%Y', InvoiceDate) AS INTEGER) = 2025 THEN Total ELSE 0 END) > 0 ORDER BY y2025 DESC, BillingCountry

--- long_query: a report of several expressions, as a language model writes it
WITH customer_orders AS (
    SELECT
        c.CustomerId,
        c.Country,
        COUNT(DISTINCT i.InvoiceId) AS order_count,
        SUM(i.Total) AS total_spent,
        AVG(i.Total) AS avg_order_value,
        MAX(i.InvoiceDate) AS last_order
    FROM Customer c
    LEFT JOIN Invoice i
        ON c.CustomerId = i.CustomerId
    GROUP BY
        c.CustomerId,
        c.Country
),
country_stats AS (
    SELECT
        Country,
        COUNT(*) AS customer_count,
        SUM(total_spent) AS country_revenue,
        AVG(total_spent) AS revenue_per_customer
    FROM customer_orders
    GROUP BY Country
)
SELECT
    cs.Country,
    cs.customer_count,
    cs.country_revenue,
    ROUND(cs.revenue_per_customer, 2) AS revenue_per_customer,
    ROW_NUMBER() OVER (ORDER BY cs.country_revenue DESC, cs.Country) AS place
FROM country_stats cs
WHERE cs.customer_count >= 2
ORDER BY place;

--- keywords_lower: all in lower case
select c.Country, count(*) as customers from Customer c group by c.Country having count(*) > 3 order by customers desc, c.Country

--- string_with_quote: text with an apostrophe
select title from album where title like '%''%' order by albumid

--- string_unicode: text beyond ASCII
SELECT CustomerId, FirstName FROM Customer WHERE City = 'São Paulo' OR FirstName = 'François' ORDER BY CustomerId

--- string_looks_bad: a text that looks like a statement
SELECT COUNT(*) AS n FROM Track WHERE Name = 'DROP TABLE Track' OR Name LIKE '%select%from employee%'

--- string_looks_comment: a text that looks like a comment
SELECT COUNT(*) AS n FROM Album WHERE Title LIKE '%--%' OR Title = '/* remix */'

--- string_semicolon: a text with a semicolon
SELECT COUNT(*) AS n FROM "Track" WHERE "Composer" LIKE '%;%'

--- empty_result: no rows
SELECT InvoiceId, Total FROM Invoice WHERE Total < 0

--- contradiction: condition that is never true
select albumid from album where 1 = 0

--- limit_one: a single row
SELECT Name, Milliseconds FROM Track ORDER BY Milliseconds DESC LIMIT 1

--- deep_parentheses: more brackets than needed
SELECT ((((Total)))) AS total FROM Invoice WHERE (((InvoiceId = 1) OR ((InvoiceId = 2)))) ORDER BY (InvoiceId)

--- parenthesized_union: bracketed parts of a union
SELECT * FROM (SELECT GenreId AS id, Name FROM Genre WHERE GenreId < 4) a UNION ALL SELECT * FROM (SELECT MediaTypeId, Name FROM MediaType) b ORDER BY Name

--- price_change: tracks sold at another price than listed
SELECT t.TrackId, t.UnitPrice AS listed, il.UnitPrice AS sold FROM Track t JOIN InvoiceLine il ON il.TrackId = t.TrackId AND il.UnitPrice <> t.UnitPrice ORDER BY t.TrackId

--- composer_top: composers with most tracks
SELECT Composer, COUNT(*) AS tracks, SUM(Bytes) / 1048576 AS megabytes FROM Track WHERE Composer IS NOT NULL AND Composer <> '' GROUP BY Composer ORDER BY tracks DESC, Composer LIMIT 10

--- album_price: full price of an album
select al.title, ar.name, count(t.trackid) as tracks, sum(t.unitprice) as price from album al join artist ar on ar.artistid = al.artistid join track t on t.albumid = al.albumid where ar.name like 'A%' group by al.albumid, al.title, ar.name order by price desc, al.albumid

--- average_tracks_per_album: average of a count
SELECT AVG(n * 1.0) AS average_tracks, MIN(n) AS fewest, MAX(n) AS most FROM (SELECT "AlbumId", COUNT(*) AS n FROM "Track" GROUP BY "AlbumId") per_album

--- customers_above_country_average: above the average of one's country
SELECT s.CustomerId, s.Country, s.spent FROM (SELECT c.CustomerId, c.Country, SUM(i.Total) AS spent, AVG(SUM(i.Total)) OVER (PARTITION BY c.Country) AS country_average FROM Customer c JOIN Invoice i ON i.CustomerId = c.CustomerId GROUP BY c.CustomerId, c.Country) s WHERE s.spent > s.country_average ORDER BY s.Country, s.CustomerId

--- count_over: rows with the number of all rows
SELECT Name, COUNT(*) OVER () AS all_genres FROM Genre ORDER BY Name LIMIT 5

--- month_of_year: seasonality over all years
SELECT CAST(strftime('%m', InvoiceDate) AS INTEGER) AS month_number, AVG(Total) AS average_invoice, COUNT(*) AS invoices FROM Invoice GROUP BY CAST(strftime('%m', InvoiceDate) AS INTEGER) ORDER BY month_number

--- islands: runs of months with rising revenue
WITH monthly AS (SELECT strftime('%Y-%m', InvoiceDate) AS ym, SUM(Total) AS revenue FROM Invoice GROUP BY strftime('%Y-%m', InvoiceDate)), marked AS (SELECT ym, revenue, CASE WHEN revenue > LAG(revenue) OVER (ORDER BY ym) THEN 0 ELSE 1 END AS starts FROM monthly), grouped AS (SELECT ym, revenue, SUM(starts) OVER (ORDER BY ym) AS run FROM marked) SELECT run, MIN(ym) AS from_month, MAX(ym) AS to_month, COUNT(*) AS months FROM grouped GROUP BY run HAVING COUNT(*) > 1 ORDER BY months DESC, run

--- first_purchase_genre: genre of the first purchase
with bought as (select i.customerid, g.name as genre, row_number() over (partition by i.customerid order by i.invoicedate, il.invoicelineid) as n from invoice i join invoiceline il on il.invoiceid = i.invoiceid join track t on t.trackid = il.trackid join genre g on g.genreid = t.genreid) select genre, count(*) as customers from bought where n = 1 group by genre order by customers desc, genre

--- difference_to_best: distance to the best country
SELECT country, revenue, MAX(revenue) OVER () - revenue AS behind FROM (SELECT BillingCountry AS country, SUM(Total) AS revenue FROM Invoice GROUP BY BillingCountry) r ORDER BY behind, country

--- window_in_order: window function in order by
SELECT BillingCountry, Total FROM Invoice WHERE Total > 15 ORDER BY COUNT(*) OVER (PARTITION BY BillingCountry) DESC, BillingCountry, InvoiceId

--- subquery_in_case: subquery inside a case
SELECT c.CustomerId, CASE WHEN EXISTS (SELECT 1 FROM Invoice i WHERE i.CustomerId = c.CustomerId AND i.Total > 20) THEN 'yes' ELSE 'no' END AS ever_large FROM Customer c ORDER BY c.CustomerId

--- subquery_in_join: subquery inside a join condition
SELECT al."Title" FROM "Album" al JOIN "Track" t ON t."AlbumId" = al."AlbumId" AND t."Milliseconds" = (SELECT MAX(t2."Milliseconds") FROM "Track" t2)

--- subquery_from_limit: limit inside a derived table
SELECT SUM(Total) AS sum_of_best FROM (SELECT Total FROM Invoice ORDER BY Total DESC LIMIT 10) best

--- values_derived: customers in sales regions
select r.region, count(*) as customers from customer c join (select 'USA' as country, 'America' as region union all select 'Canada', 'America' union all select 'Brazil', 'America' union all select 'Germany', 'Europe' union all select 'France', 'Europe') r on r.country = c.country group by r.region order by r.region

--- boolean_sum: share of invoices over five
SELECT ROUND(AVG(CASE WHEN Total > 5 THEN 1.0 ELSE 0.0 END), 3) AS share FROM Invoice

--- eight_table_join: everything about one invoice
SELECT i.InvoiceId, c.LastName, t.Name AS track, al.Title, ar.Name AS artist, g.Name AS genre, m.Name AS media FROM Invoice i JOIN Customer c ON c.CustomerId = i.CustomerId JOIN InvoiceLine il ON il.InvoiceId = i.InvoiceId JOIN Track t ON t.TrackId = il.TrackId JOIN Album al ON al.AlbumId = t.AlbumId JOIN Artist ar ON ar.ArtistId = al.ArtistId JOIN Genre g ON g.GenreId = t.GenreId JOIN MediaType m ON m.MediaTypeId = t.MediaTypeId WHERE i.InvoiceId = 5 ORDER BY il.InvoiceLineId

--- linear_trend: slope of revenue over the years
SELECT (COUNT(*) * SUM(x * y) - SUM(x) * SUM(y)) / (COUNT(*) * SUM(x * x) - SUM(x) * SUM(x)) AS slope FROM (SELECT CAST(strftime('%Y', InvoiceDate) AS INTEGER) - 2020 AS x, SUM(Total) AS y FROM Invoice GROUP BY CAST(strftime('%Y', InvoiceDate) AS INTEGER)) p

--- greatest_share: largest customer of each country and its share
WITH s AS (SELECT c.Country AS country, c.CustomerId, SUM(i.Total) AS spent FROM Customer c JOIN Invoice i ON i.CustomerId = c.CustomerId GROUP BY c.Country, c.CustomerId) SELECT country, MAX(spent) AS largest, SUM(spent) AS everything, ROUND(MAX(spent) / SUM(spent) * 100, 1) AS share FROM s GROUP BY country HAVING COUNT(*) > 1 ORDER BY share DESC, country

--- shadow_in_inner_scope: a name that means two things in two scopes
SELECT g.Name, (WITH Genre AS (SELECT COUNT(*) AS n FROM Track) SELECT n FROM Genre) AS all_tracks FROM Genre g ORDER BY g.GenreId

--- distinct_two_counts: two distinct counts
select billingcountry, count(distinct customerid) as customers, count(distinct billingcity) as cities from invoice group by billingcountry order by customers desc, billingcountry

--- having_alias_free: having on something not selected
SELECT "BillingCity" FROM "Invoice" GROUP BY "BillingCity" HAVING MAX("Total") > 20 ORDER BY "BillingCity"

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
SELECT BillingCountry, SUM(Total) AS revenue FROM Invoice WHERE InvoiceDate >= '2021-01-01' AND InvoiceDate <= '2021-12-31' GROUP BY BillingCountry ORDER BY revenue DESC, BillingCountry LIMIT 1

--- param_year_2: best country of one year
SELECT BillingCountry, SUM(Total) AS revenue FROM Invoice WHERE InvoiceDate >= '2022-01-01' AND InvoiceDate <= '2022-12-31' GROUP BY BillingCountry ORDER BY revenue DESC, BillingCountry LIMIT 1

--- param_year_3: best country of one year
SELECT BillingCountry, SUM(Total) AS revenue FROM Invoice WHERE InvoiceDate >= '2023-01-01' AND InvoiceDate <= '2023-12-31' GROUP BY BillingCountry ORDER BY revenue DESC, BillingCountry LIMIT 1

--- param_year_4: best country of one year
SELECT BillingCountry, SUM(Total) AS revenue FROM Invoice WHERE InvoiceDate >= '2025-01-01' AND InvoiceDate <= '2025-12-31' GROUP BY BillingCountry ORDER BY revenue DESC, BillingCountry LIMIT 1

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
select billingstate, sum(total) as measure from invoice where billingstate is not null group by billingstate order by measure desc, billingstate

--- param_measure_2: one measure by state
select billingstate, avg(total) as measure from invoice where billingstate is not null group by billingstate order by measure desc, billingstate

--- param_measure_3: one measure by state
select billingstate, max(total) as measure from invoice where billingstate is not null group by billingstate order by measure desc, billingstate

--- param_measure_4: one measure by state
select billingstate, min(total) as measure from invoice where billingstate is not null group by billingstate order by measure desc, billingstate

--- param_measure_5: one measure by state
select billingstate, count(*) as measure from invoice where billingstate is not null group by billingstate order by measure desc, billingstate

--- two_kilobytes: a report of two kilobytes, as a language model writes it
WITH line_items AS (
    SELECT
        il.InvoiceLineId,
        i.InvoiceId,
        i.CustomerId,
        i.InvoiceDate,
        i.BillingCountry,
        t.TrackId,
        t.Name AS track_name,
        al.Title AS album_title,
        ar.Name AS artist_name,
        g.Name AS genre_name,
        il.UnitPrice * il.Quantity AS line_total
    FROM InvoiceLine il
    INNER JOIN Invoice i ON i.InvoiceId = il.InvoiceId
    INNER JOIN Track t ON t.TrackId = il.TrackId
    LEFT JOIN Album al ON al.AlbumId = t.AlbumId
    LEFT JOIN Artist ar ON ar.ArtistId = al.ArtistId
    LEFT JOIN Genre g ON g.GenreId = t.GenreId
    WHERE i.InvoiceDate >= '2022-01-01'
      AND i.InvoiceDate < '2025-01-01'
),
country_genre AS (
    SELECT
        BillingCountry,
        genre_name,
        SUM(line_total) AS revenue,
        COUNT(DISTINCT CustomerId) AS customers,
        COUNT(DISTINCT InvoiceId) AS invoices,
        COUNT(*) AS lines_sold
    FROM line_items
    GROUP BY BillingCountry, genre_name
),
ranked AS (
    SELECT
        BillingCountry,
        genre_name,
        revenue,
        customers,
        invoices,
        lines_sold,
        ROW_NUMBER() OVER (PARTITION BY BillingCountry ORDER BY revenue DESC, genre_name) AS genre_rank,
        SUM(revenue) OVER (PARTITION BY BillingCountry) AS country_revenue
    FROM country_genre
),
best_artist AS (
    SELECT BillingCountry, artist_name, SUM(line_total) AS artist_revenue,
        ROW_NUMBER() OVER (PARTITION BY BillingCountry ORDER BY SUM(line_total) DESC, artist_name) AS artist_rank
    FROM line_items
    GROUP BY BillingCountry, artist_name
)
SELECT
    r.BillingCountry AS country,
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
    ON b.BillingCountry = r.BillingCountry
    AND b.artist_rank = 1
WHERE r.genre_rank = 1
ORDER BY r.country_revenue DESC, country;

--- sq_brackets: names in square brackets
SELECT [Name], [Milliseconds] FROM [Track] WHERE [UnitPrice] > 1 ORDER BY [Milliseconds] DESC LIMIT 5

--- sq_backticks: names in backticks
SELECT `BillingCountry`, SUM(`Total`) AS `revenue` FROM `Invoice` GROUP BY `BillingCountry` ORDER BY `revenue` DESC, `BillingCountry`

--- sq_all_lower: names in another case than declared
select artistid, count(*) as albums from album group by artistid having count(*) >= 10 order by albums desc

--- sq_all_upper: names in capitals
SELECT NAME FROM GENRE WHERE GENREID < 6 ORDER BY NAME

--- sq_strftime_week: sales by week of the year
SELECT strftime('%Y-%W', InvoiceDate) AS week, SUM(Total) AS revenue FROM Invoice GROUP BY week ORDER BY week LIMIT 52

--- sq_weekday: sales by day of the week
SELECT CASE strftime('%w', InvoiceDate) WHEN '0' THEN 'Sunday' WHEN '1' THEN 'Monday' WHEN '2' THEN 'Tuesday' WHEN '3' THEN 'Wednesday' WHEN '4' THEN 'Thursday' WHEN '5' THEN 'Friday' ELSE 'Saturday' END AS weekday, COUNT(*) AS invoices FROM Invoice GROUP BY strftime('%w', InvoiceDate) ORDER BY strftime('%w', InvoiceDate)

--- sq_quarter: quarters by arithmetic
SELECT strftime('%Y', InvoiceDate) || '-Q' || ((CAST(strftime('%m', InvoiceDate) AS INTEGER) + 2) / 3) AS quarter, SUM(Total) AS revenue FROM Invoice GROUP BY quarter ORDER BY quarter

--- sq_year_text: year compared as text
SELECT COUNT(*) FROM Invoice WHERE strftime('%Y', InvoiceDate) = '2024'

--- sq_start_of_year: start of year
SELECT date(InvoiceDate, 'start of year') AS y, ROUND(SUM(Total), 2) AS revenue FROM Invoice GROUP BY date(InvoiceDate, 'start of year') ORDER BY y

--- sq_date_modifiers: thirty days after the first purchase
SELECT i.CustomerId, SUM(i.Total) AS first_thirty_days FROM Invoice i JOIN (SELECT CustomerId, MIN(InvoiceDate) AS first_date FROM Invoice GROUP BY CustomerId) f ON f.CustomerId = i.CustomerId AND i.InvoiceDate < datetime(f.first_date, '+30 days') GROUP BY i.CustomerId ORDER BY i.CustomerId

--- sq_date_minus_months: last three months of the data
SELECT SUM(Total) AS revenue FROM Invoice WHERE InvoiceDate >= (SELECT date(MAX(InvoiceDate), '-3 months') FROM Invoice)

--- sq_date_now: invoices until today
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate <= date('now')

--- sq_current_date: current date as keyword
SELECT COUNT(*) AS n FROM Invoice WHERE InvoiceDate < CURRENT_DATE

--- sq_last_day_of_month: several modifiers
SELECT DISTINCT date(InvoiceDate, 'start of month', '+1 month', '-1 day') AS month_end FROM Invoice WHERE strftime('%Y', InvoiceDate) = '2022' ORDER BY month_end

--- sq_unix_time: seconds since 1970
SELECT InvoiceId, CAST(strftime('%s', InvoiceDate) AS INTEGER) AS seconds FROM Invoice ORDER BY InvoiceId LIMIT 5

--- sq_julian: days between by julianday
SELECT ROUND(julianday(MAX(InvoiceDate)) - julianday(MIN(InvoiceDate))) AS days FROM Invoice

--- sq_recursive_calendar: calendar of months with sales
WITH RECURSIVE calendar(month) AS (SELECT '2024-01-01' UNION ALL SELECT date(month, '+1 month') FROM calendar WHERE month < '2024-12-01') SELECT calendar.month, COALESCE(SUM(i.Total), 0) AS revenue FROM calendar LEFT JOIN Invoice i ON date(i.InvoiceDate, 'start of month') = calendar.month GROUP BY calendar.month ORDER BY calendar.month

--- sq_recursive_days: days of one month without a sale
WITH RECURSIVE days AS (SELECT date('2023-03-01') AS day UNION ALL SELECT date(day, '+1 day') FROM days WHERE day < '2023-03-31') SELECT day FROM days WHERE NOT EXISTS (SELECT 1 FROM Invoice WHERE date(InvoiceDate) = day) ORDER BY day

--- sq_recursive_limit: recursion bounded by a limit
WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter LIMIT 24) SELECT n, n * n AS square FROM counter

--- sq_iif: iif
SELECT iif(Total >= 10, 'large', 'small') AS size, COUNT(*) AS n FROM Invoice GROUP BY size ORDER BY size

--- sq_ifnull: ifnull
SELECT CustomerId, ifnull(Company, '(none)') AS company, ifnull(State, Country) AS place FROM Customer ORDER BY CustomerId

--- sq_total: total instead of sum
SELECT total(Total) AS revenue, total(CASE WHEN Total > 1000 THEN Total END) AS nothing_at_all FROM Invoice

--- sq_printf: formatted number
SELECT BillingCountry, printf('%.2f', SUM(Total)) AS revenue FROM Invoice GROUP BY BillingCountry ORDER BY SUM(Total) DESC, BillingCountry

--- sq_format_minutes: minutes and seconds
SELECT Name, printf('%d:%02d', Milliseconds / 60000, Milliseconds / 1000 % 60) AS length FROM Track ORDER BY TrackId LIMIT 25

--- sq_group_concat_distinct: distinct list
SELECT BillingCountry, group_concat(DISTINCT BillingCity) AS cities FROM Invoice GROUP BY BillingCountry ORDER BY BillingCountry

--- sq_group_concat_ordered: list ordered by a derived table
SELECT group_concat(Name, ' | ') AS names FROM (SELECT Name FROM Genre ORDER BY Name)

--- sq_glob: glob
SELECT Name FROM Artist WHERE Name GLOB 'A*' ORDER BY Name LIMIT 20

--- sq_glob_class: glob with a class of characters
SELECT COUNT(*) AS n FROM Track WHERE Name GLOB '*[0-9]*'

--- sq_like_escape: like with escape
SELECT Name FROM Track WHERE Name LIKE '%100\%%' ESCAPE '\'

--- sq_nocase: order without case
SELECT Name FROM Artist ORDER BY Name COLLATE NOCASE LIMIT 20

--- sq_nocase_compare: comparison without case
SELECT ArtistId, Name FROM Artist WHERE Name = 'ac/dc' COLLATE NOCASE

--- sq_is_operator: is between values
SELECT COUNT(*) AS n FROM Customer WHERE State IS 'CA'

--- sq_is_not_operator: is not between values
SELECT COUNT(*) AS n FROM Customer WHERE State IS NOT 'CA'

--- sq_is_not_distinct: is not distinct from
SELECT COUNT(*) AS n FROM Customer a JOIN Customer b ON a.State IS NOT DISTINCT FROM b.State AND a.CustomerId < b.CustomerId WHERE a.Country = 'USA' AND b.Country = 'USA'

--- sq_double_equals: double equal signs
SELECT Title FROM Album WHERE ArtistId == 1

--- sq_isnull_postfix: postfix notnull
SELECT COUNT(*) AS n FROM Track WHERE Composer NOTNULL

--- sq_values: values as a statement
VALUES (1, 'one'), (2, 'two')

--- sq_values_cte: values in an expression
WITH bands(label, low, high) AS (VALUES ('low', 0, 2), ('middle', 2, 10), ('high', 10, 100)) SELECT bands.label, COUNT(*) AS invoices FROM bands JOIN Invoice ON Invoice.Total >= bands.low AND Invoice.Total < bands.high GROUP BY bands.label ORDER BY MIN(bands.low)

--- sq_values_derived: values as a derived table
SELECT v.column1 AS code, v.column2 AS label FROM (VALUES ('US', 'USA'), ('DE', 'Germany')) AS v

--- sq_limit_comma: limit with a comma
SELECT TrackId, Name FROM Track ORDER BY TrackId LIMIT 10, 5

--- sq_limit_expression: limit by an arithmetic expression
SELECT Name FROM Genre ORDER BY Name LIMIT 2 + 3

--- sq_groups_frame: frame of groups
SELECT InvoiceId, Total, SUM(Total) OVER (ORDER BY Total GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING) AS near FROM Invoice ORDER BY Total, InvoiceId LIMIT 50

--- sq_exclude_current: frame without the current row
SELECT InvoiceId, AVG(Total) OVER (PARTITION BY CustomerId ORDER BY InvoiceId ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING EXCLUDE CURRENT ROW) AS average_of_others FROM Invoice ORDER BY InvoiceId

--- sq_two_windows: a window made from another
SELECT BillingCountry, InvoiceId, SUM(Total) OVER by_country AS country_total, SUM(Total) OVER running AS running_total FROM Invoice WINDOW by_country AS (PARTITION BY BillingCountry), running AS (by_country ORDER BY InvoiceId) ORDER BY BillingCountry, InvoiceId

--- sq_materialized: materialized expression
WITH spent AS MATERIALIZED (SELECT CustomerId, SUM(Total) AS amount FROM Invoice GROUP BY CustomerId) SELECT a.CustomerId, COUNT(*) AS richer FROM spent a JOIN spent b ON b.amount > a.amount GROUP BY a.CustomerId ORDER BY richer, a.CustomerId LIMIT 10

--- sq_not_materialized: not materialized expression
WITH spent AS NOT MATERIALIZED (SELECT CustomerId, Total FROM Invoice WHERE Total > 5) SELECT COUNT(*) FROM spent

--- sq_json_object: rows as objects
SELECT json_object('id', GenreId, 'name', Name) AS genre FROM Genre ORDER BY GenreId

--- sq_json_array: array of names
SELECT json_group_array(Name) AS names FROM MediaType

--- sq_json_group_object: object of a group
SELECT json_group_object(Name, GenreId) AS ids FROM Genre

--- sq_json_extract: extract from a literal
SELECT json_extract('{"rate": 0.19}', '$.rate') * SUM(Total) AS tax FROM Invoice

--- sq_typeof: types of a column
SELECT typeof(Composer) AS type, COUNT(*) AS n FROM Track GROUP BY type ORDER BY n DESC

--- sq_min_max_scalar: scalar minimum and maximum
SELECT InvoiceId, max(Total, 5) AS at_least_five, min(Total, 10) AS at_most_ten FROM Invoice ORDER BY InvoiceId LIMIT 20

--- sq_bare_column: bare column with max
SELECT CustomerId, InvoiceId, MAX(Total) AS largest FROM Invoice GROUP BY CustomerId ORDER BY CustomerId

--- sq_bits: bit operators
SELECT TrackId, TrackId & 1 AS odd, TrackId >> 4 AS high, TrackId | 8 AS with_eight FROM Track ORDER BY TrackId LIMIT 16

--- sq_boolean_numbers: comparison as a number
SELECT SUM(Total > 10) AS large, SUM(BillingCountry = 'USA') AS from_usa, AVG(Total > 5) AS share FROM Invoice

--- sq_trim_characters: trim of certain characters
SELECT DISTINCT ltrim(PostalCode, '0') AS code, rtrim(Phone, '0') AS phone FROM Customer ORDER BY code, phone LIMIT 20

--- sq_substr_negative: substring from the end
SELECT substr(Email, -4) AS ending, COUNT(*) AS n FROM Customer GROUP BY ending ORDER BY n DESC, ending

--- sq_instr: position in a text
SELECT FirstName, Email, instr(Email, '@') AS position FROM Customer ORDER BY CustomerId LIMIT 10

--- sq_replace_nested: nested replace
SELECT replace(replace(replace(Phone, '(', ''), ')', ''), '-', '') AS digits FROM Customer ORDER BY CustomerId

--- sq_unicode: code point of the first letter
SELECT unicode(Name) AS code, COUNT(*) AS artists FROM Artist GROUP BY unicode(Name) ORDER BY artists DESC, code LIMIT 10

--- sq_char: letter from a number
SELECT char(65, 66, 67) AS letters, hex('abc') AS hexadecimal

--- sq_cast_real: cast to real
SELECT CAST(COUNT(*) AS REAL) / COUNT(DISTINCT CustomerId) AS invoices_per_customer FROM Invoice

--- sq_cast_numeric: cast to numeric
SELECT CAST(SUM(Total) AS NUMERIC) AS revenue FROM Invoice

--- sq_sign: sign of a difference
SELECT sign(Total - 5) AS side, COUNT(*) AS n FROM Invoice GROUP BY side ORDER BY side

--- sq_compound_chain: chain of set operations
SELECT Country FROM Customer INTERSECT SELECT BillingCountry FROM Invoice EXCEPT SELECT 'USA' UNION SELECT 'total' ORDER BY 1

--- sq_row_value: comparison of row values
SELECT InvoiceId FROM Invoice WHERE (BillingCountry, BillingCity) = ('USA', 'Boston') ORDER BY InvoiceId

--- sq_row_value_less: paging by row value
SELECT LastName, FirstName FROM Customer WHERE (LastName, FirstName) > ('Harris', 'Frank') ORDER BY LastName, FirstName LIMIT 10

--- sq_distinct_aggregate: distinct inside an aggregate with filter
SELECT COUNT(DISTINCT CustomerId) FILTER (WHERE Total > 10) AS large_buyers, COUNT(DISTINCT CustomerId) AS buyers FROM Invoice

--- sq_left_join_chain: chain of left joins
SELECT ar.Name, COUNT(DISTINCT al.AlbumId) AS albums, COUNT(DISTINCT t.TrackId) AS tracks, COUNT(il.InvoiceLineId) AS sold FROM Artist ar LEFT JOIN Album al ON al.ArtistId = ar.ArtistId LEFT JOIN Track t ON t.AlbumId = al.AlbumId LEFT JOIN InvoiceLine il ON il.TrackId = t.TrackId GROUP BY ar.ArtistId ORDER BY sold DESC, ar.ArtistId LIMIT 20

--- sq_variance_group: variance per country
SELECT BillingCountry, ROUND(AVG(Total * Total) - AVG(Total) * AVG(Total), 4) AS variance FROM Invoice GROUP BY BillingCountry HAVING COUNT(*) > 10 ORDER BY variance DESC, BillingCountry

--- sq_correlation_parts: parts of a correlation
SELECT AVG(Milliseconds * 1.0 * Bytes) - AVG(Milliseconds) * AVG(Bytes) AS covariance FROM Track

--- sq_cohort_month: cohorts by month with offset
WITH firsts AS (SELECT CustomerId, MIN(strftime('%Y-%m', InvoiceDate)) AS cohort FROM Invoice GROUP BY CustomerId), activity AS (SELECT i.CustomerId, f.cohort, (strftime('%Y', i.InvoiceDate) - substr(f.cohort, 1, 4)) * 12 + strftime('%m', i.InvoiceDate) - substr(f.cohort, 6, 2) AS month_number FROM Invoice i JOIN firsts f USING (CustomerId)) SELECT cohort, month_number, COUNT(DISTINCT CustomerId) AS customers FROM activity GROUP BY cohort, month_number ORDER BY cohort, month_number

--- sq_running_year: running total that starts anew each year
SELECT strftime('%Y-%m', InvoiceDate) AS ym, SUM(SUM(Total)) OVER (PARTITION BY strftime('%Y', InvoiceDate) ORDER BY strftime('%Y-%m', InvoiceDate)) AS year_to_date FROM Invoice GROUP BY ym ORDER BY ym

--- sq_pivot_genre_year: genres by year
SELECT g.Name, SUM(CASE WHEN strftime('%Y', i.InvoiceDate) = '2021' THEN il.UnitPrice * il.Quantity ELSE 0 END) AS "2021", SUM(CASE WHEN strftime('%Y', i.InvoiceDate) = '2022' THEN il.UnitPrice * il.Quantity ELSE 0 END) AS "2022", SUM(CASE WHEN strftime('%Y', i.InvoiceDate) = '2023' THEN il.UnitPrice * il.Quantity ELSE 0 END) AS "2023" FROM InvoiceLine il JOIN Invoice i ON i.InvoiceId = il.InvoiceId JOIN Track t ON t.TrackId = il.TrackId JOIN Genre g ON g.GenreId = t.GenreId GROUP BY g.Name ORDER BY g.Name

--- sq_alias_without_as: aliases without as
SELECT c.Country country, COUNT(*) n FROM Customer c GROUP BY c.Country ORDER BY n DESC, country LIMIT 5

--- sq_alias_text: alias in double quotes with blanks
SELECT Name AS "Track name", Milliseconds / 1000.0 AS "Length in s" FROM Track ORDER BY "Length in s" DESC LIMIT 3

--- sq_same_initials: where with a scalar function on both sides
SELECT CustomerId FROM Customer WHERE lower(substr(FirstName, 1, 1)) = lower(substr(LastName, 1, 1)) ORDER BY CustomerId

--- sq_limit_all_rows: negative offset free page
SELECT AlbumId FROM Album ORDER BY AlbumId LIMIT 5 OFFSET 340

--- sq_scientific: numbers in scientific notation
SELECT COUNT(*) FROM Track WHERE Bytes > 1e7 AND Milliseconds < 3.6e5

--- sq_hex_number: hexadecimal number
SELECT COUNT(*) FROM Track WHERE TrackId <= 0xFF

--- sq_true_false: boolean words
SELECT COUNT(*) FROM Customer WHERE (Company IS NULL) = TRUE

--- sq_concat_null: concatenation with missing values
SELECT CustomerId, City || COALESCE(', ' || State, '') || ', ' || Country AS place FROM Customer ORDER BY CustomerId

--- sq_exists_not: countries where somebody never bought jazz
SELECT DISTINCT c.Country FROM Customer c WHERE NOT EXISTS (SELECT 1 FROM Invoice i JOIN InvoiceLine il USING (InvoiceId) JOIN Track t USING (TrackId) JOIN Genre g ON g.GenreId = t.GenreId AND g.Name = 'Jazz' WHERE i.CustomerId = c.CustomerId) ORDER BY c.Country

--- sq_having_multiple: having with in
SELECT BillingCountry, COUNT(*) AS n FROM Invoice GROUP BY BillingCountry HAVING COUNT(*) IN (7, 14, 21) ORDER BY n, BillingCountry

--- sq_cross_join_cte: each country against the average
WITH totals AS (SELECT BillingCountry AS country, SUM(Total) AS revenue FROM Invoice GROUP BY 1), average AS (SELECT AVG(revenue) AS mean FROM totals) SELECT country, revenue, ROUND(revenue / mean, 2) AS times_the_mean FROM totals CROSS JOIN average ORDER BY revenue DESC, country

--- sq_datetime_between: times compared as text
SELECT COUNT(*) FROM Invoice WHERE InvoiceDate BETWEEN '2023-05-01 00:00:00' AND '2023-05-31 23:59:59'

--- sq_time_part: hour of the sale
SELECT strftime('%H', InvoiceDate) AS hour, COUNT(*) AS n FROM Invoice GROUP BY hour

--- sq_round_zero: round to tens
SELECT ROUND(Total / 10) * 10 AS tens, COUNT(*) AS n FROM Invoice GROUP BY tens ORDER BY tens

--- sq_coalesce_sub: subquery as default value
SELECT g.Name, COALESCE((SELECT SUM(il.Quantity) FROM InvoiceLine il JOIN Track t ON t.TrackId = il.TrackId WHERE t.GenreId = g.GenreId), 0) AS sold FROM Genre g ORDER BY sold DESC, g.Name
