--- artist_list: all artists
SELECT * FROM artist

--- artist_list_ordered: artists in alphabetical order
SELECT ARTIST_ID, NAME FROM ARTIST ORDER BY NAME

--- genre_first_ten: first ten genres
SELECT genre_id, name FROM genre ORDER BY genre_id LIMIT 10

--- track_count: how many tracks are there
select count(*) from track

--- track_count_alias: number of tracks, named
SELECT COUNT(*) AS total_tracks FROM "TRACK";

--- revenue_total: total revenue
SELECT SUM(TOTAL) AS REVENUE FROM INVOICE

--- invoice_measures: several measures in one row
SELECT COUNT(*) AS invoices, SUM(total) AS revenue, AVG(total) AS average_invoice, MIN(total) AS smallest, MAX(total) AS largest FROM invoice

--- countries_distinct: countries of our customers
SELECT DISTINCT country FROM customer ORDER BY country

--- countries_count_distinct: number of countries
SELECT COUNT(DISTINCT country) AS countries FROM customer

--- city_country_distinct: distinct pairs
SELECT DISTINCT COUNTRY, CITY FROM CUSTOMER ORDER BY 1, 2

--- top_products: top 5 products by revenue
SELECT t.name AS product, SUM(il.unit_price * il.quantity) AS revenue
FROM invoice_line il
JOIN track t ON t.track_id = il.track_id
GROUP BY t.track_id, t.name
ORDER BY revenue DESC, product, t.track_id
LIMIT 5

--- top_artists: top ten artists by revenue, four tables
SELECT ar.name AS artist, SUM(il.unit_price * il.quantity) AS revenue
FROM artist ar
JOIN album al ON al.artist_id = ar.artist_id
JOIN track t ON t.album_id = al.album_id
JOIN invoice_line il ON il.track_id = t.track_id
GROUP BY ar.artist_id, ar.name
ORDER BY revenue DESC, artist
LIMIT 10

--- top_customers: best customers
SELECT c.customer_id, c.first_name, c.last_name, SUM(i.total) AS lifetime_value
FROM customer AS c
INNER JOIN invoice AS i ON i.customer_id = c.customer_id
GROUP BY c.customer_id, c.first_name, c.last_name
ORDER BY lifetime_value DESC, c.customer_id
LIMIT 10

--- revenue_by_country: revenue by billing country
SELECT BILLING_COUNTRY, SUM(TOTAL) AS REVENUE FROM INVOICE GROUP BY BILLING_COUNTRY ORDER BY REVENUE DESC, BILLING_COUNTRY

--- revenue_by_country_having: countries over 100
SELECT billing_country AS country, SUM(total) AS revenue FROM invoice GROUP BY billing_country HAVING SUM(total) > 100 ORDER BY 2 DESC, 1

--- having_two: having with two conditions
select billing_country, count(*) as n, avg(total) as average from invoice group by billing_country having count(*) >= 7 and avg(total) > 5.5 order by n desc, billing_country

--- having_without_group: having over the whole table
SELECT SUM(total) AS revenue FROM invoice HAVING COUNT(*) > 400

--- group_position: group by position
SELECT BILLING_COUNTRY, BILLING_CITY, COUNT(*) FROM INVOICE GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20

--- genre_tracks: tracks per genre
SELECT g.name, COUNT(t.track_id) AS tracks FROM genre g LEFT JOIN track t ON t.genre_id = g.genre_id GROUP BY g.genre_id, g.name ORDER BY tracks DESC, g.name

--- right_join: media types with no track shown too
SELECT m.name AS media_type, COUNT(t.track_id) AS tracks FROM track t RIGHT JOIN media_type m ON m.media_type_id = t.media_type_id GROUP BY m.name ORDER BY m.name

--- right_outer_join: right outer join spelled out
SELECT ar.name, al.title FROM album al RIGHT OUTER JOIN artist ar ON ar.artist_id = al.artist_id WHERE al.album_id IS NULL ORDER BY ar.name LIMIT 25

--- full_join: playlists and genres by name
SELECT P.NAME AS PLAYLIST, G.NAME AS GENRE FROM PLAYLIST P FULL OUTER JOIN GENRE G ON G.NAME = P.NAME ORDER BY P.PLAYLIST_ID, G.GENRE_ID

--- cross_join: every genre with every media type
SELECT g.name AS genre, m.name AS media_type FROM genre g CROSS JOIN media_type m ORDER BY g.genre_id, m.media_type_id

--- comma_join: old style join
SELECT al.title, ar.name FROM album al, artist ar WHERE al.artist_id = ar.artist_id ORDER BY al.album_id LIMIT 50

--- comma_join_three: old style join of three tables
SELECT ar.name, COUNT(*) AS tracks FROM artist ar, album al, track t WHERE ar.artist_id = al.artist_id AND al.album_id = t.album_id GROUP BY ar.name ORDER BY tracks DESC, ar.name LIMIT 10

--- using_join: join with using
SELECT TITLE, NAME FROM ALBUM JOIN ARTIST USING (ARTIST_ID) ORDER BY TITLE LIMIT 30

--- using_join_many: several joins with using
SELECT ar.name, COUNT(il.invoice_line_id) AS sold FROM artist ar JOIN album al USING (artist_id) JOIN track t USING (album_id) JOIN invoice_line il USING (track_id) GROUP BY ar.name ORDER BY sold DESC, ar.name LIMIT 15

--- using_two_columns: using with the merged column selected
select invoice_id, count(*) as line_count, max(total) as total from invoice inner join invoice_line using (invoice_id) group by invoice_id order by line_count desc, invoice_id limit 10

--- natural_join: natural join
SELECT title, name FROM album NATURAL JOIN artist ORDER BY album_id LIMIT 12

--- self_join_customers: customers in the same city
SELECT A.FIRST_NAME AS FIRST, B.FIRST_NAME AS SECOND, A.CITY FROM CUSTOMER A JOIN CUSTOMER B ON A.CITY = B.CITY AND A.CUSTOMER_ID < B.CUSTOMER_ID ORDER BY A.CITY, A.CUSTOMER_ID, B.CUSTOMER_ID

--- self_join_albums: pairs of albums of one artist
SELECT x."TITLE" AS album_one, y."TITLE" AS album_two FROM "ALBUM" x INNER JOIN "ALBUM" y ON x."ARTIST_ID" = y."ARTIST_ID" AND x."ALBUM_ID" < y."ALBUM_ID" ORDER BY x."ALBUM_ID", y."ALBUM_ID" LIMIT 40

--- non_equi_join: price bands by non-equi join
SELECT b.label, COUNT(*) AS invoices FROM (SELECT 'small' AS label, 0 AS low, 3 AS high UNION ALL SELECT 'medium', 3, 10 UNION ALL SELECT 'large', 10, 1000) b JOIN invoice i ON i.total >= b.low AND i.total < b.high GROUP BY b.label ORDER BY b.label

--- join_parentheses: nested join in parentheses
SELECT c.last_name, i.invoice_id, il.invoice_line_id FROM customer c LEFT JOIN (invoice i JOIN invoice_line il ON il.invoice_id = i.invoice_id) ON i.customer_id = c.customer_id WHERE c.country = 'Norway' ORDER BY il.invoice_line_id

--- join_on_or: join condition with or
SELECT C.CUSTOMER_ID, COUNT(I.INVOICE_ID) AS N FROM CUSTOMER C JOIN INVOICE I ON I.CUSTOMER_ID = C.CUSTOMER_ID AND (I.BILLING_CITY = C.CITY OR I.BILLING_STATE = C.STATE) GROUP BY C.CUSTOMER_ID ORDER BY C.CUSTOMER_ID

--- anti_join: artists without albums by anti join
SELECT ar.artist_id, ar.name FROM artist ar LEFT JOIN album al ON al.artist_id = ar.artist_id WHERE al.album_id IS NULL ORDER BY ar.artist_id

--- anti_join_exists: tracks never sold
SELECT COUNT(*) AS never_sold FROM track t WHERE NOT EXISTS (SELECT 1 FROM invoice_line il WHERE il.track_id = t.track_id)

--- in_subquery: tracks on the playlist Grunge
SELECT name FROM track WHERE track_id IN (SELECT pt.track_id FROM playlist_track pt JOIN playlist p ON p.playlist_id = pt.playlist_id WHERE p.name = 'Grunge') ORDER BY name

--- not_in_subquery: customers who did not buy in 2025
SELECT FIRST_NAME, LAST_NAME FROM CUSTOMER WHERE CUSTOMER_ID NOT IN (SELECT CUSTOMER_ID FROM INVOICE WHERE INVOICE_DATE >= '2025-01-01'::DATE) ORDER BY CUSTOMER_ID

--- exists_subquery: customers with an invoice over 20
SELECT c.last_name FROM customer c WHERE EXISTS (SELECT * FROM invoice i WHERE i.customer_id = c.customer_id AND i.total > 20) ORDER BY c.last_name

--- scalar_subquery_where: invoices above the average
select invoice_id, total from invoice where total > (select avg(total) from invoice) order by total desc, invoice_id limit 20

--- scalar_subquery_select: each country's share of revenue
SELECT billing_country, SUM(total) AS revenue, ROUND(100.0 * SUM(total) / (SELECT SUM(total) FROM invoice), 2) AS percent_of_total FROM invoice GROUP BY billing_country ORDER BY revenue DESC, billing_country

--- correlated_select: number of albums by correlated subquery
SELECT AR.NAME, (SELECT COUNT(*) FROM ALBUM AL WHERE AL.ARTIST_ID = AR.ARTIST_ID) AS ALBUMS FROM ARTIST AR ORDER BY ALBUMS DESC, AR.NAME LIMIT 10

--- correlated_max: last invoice of every customer
SELECT i.customer_id, i.invoice_id, i.invoice_date FROM invoice i WHERE i.invoice_date = (SELECT MAX(i2.invoice_date) FROM invoice i2 WHERE i2.customer_id = i.customer_id) ORDER BY i.customer_id

--- derived_table: average of sums
SELECT AVG(spent) AS average_customer_value FROM (SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id) AS per_customer

--- derived_table_join: joined derived tables
SELECT C.COUNTRY, S.SPENT FROM CUSTOMER C JOIN (SELECT CUSTOMER_ID, SUM(TOTAL) AS SPENT FROM INVOICE GROUP BY CUSTOMER_ID) S ON S.CUSTOMER_ID = C.CUSTOMER_ID ORDER BY S.SPENT DESC, C.CUSTOMER_ID LIMIT 5

--- derived_nested: three levels of derived tables
SELECT country_rank.country FROM (SELECT country, revenue FROM (SELECT billing_country AS country, SUM(total) AS revenue FROM invoice GROUP BY billing_country) AS sums WHERE revenue > 50) AS country_rank ORDER BY country_rank.revenue DESC, country_rank.country

--- cte_simple: a common table expression
WITH revenue AS (SELECT customer_id, SUM(total) AS amount FROM invoice GROUP BY customer_id) SELECT c.first_name, c.last_name, r.amount FROM revenue r JOIN customer c ON c.customer_id = r.customer_id ORDER BY r.amount DESC, c.customer_id LIMIT 10

--- cte_two: two expressions, the second reads the first
WITH line_revenue AS (
  SELECT t.genre_id, il.unit_price * il.quantity AS amount FROM invoice_line il JOIN track t ON t.track_id = il.track_id
), genre_revenue AS (
  SELECT genre_id, SUM(amount) AS amount FROM line_revenue GROUP BY genre_id
)
SELECT g.name, gr.amount FROM genre_revenue gr JOIN genre g ON g.genre_id = gr.genre_id ORDER BY gr.amount DESC, g.name

--- cte_columns: expression with a column list
WITH SPENDING (CUSTOMER, AMOUNT) AS (SELECT CUSTOMER_ID, SUM(TOTAL) FROM INVOICE GROUP BY CUSTOMER_ID) SELECT CUSTOMER, AMOUNT FROM SPENDING WHERE AMOUNT > 40 ORDER BY AMOUNT DESC, CUSTOMER

--- cte_shadow_other: an expression named as another table
with genre as (select genre_id, count(*) as tracks from track group by genre_id) select genre_id, tracks from genre order by tracks desc, genre_id limit 5

--- cte_nested: an expression within an expression
WITH outer_part AS (WITH inner_part AS (SELECT customer_id, COUNT(*) AS n FROM invoice GROUP BY customer_id) SELECT n, COUNT(*) AS customers FROM inner_part GROUP BY n) SELECT n, customers FROM outer_part ORDER BY n

--- cte_in_subquery: an expression inside a derived table
SELECT X.COUNTRY, X.N FROM (WITH BY_COUNTRY AS (SELECT COUNTRY AS COUNTRY, COUNT(*) AS N FROM CUSTOMER GROUP BY COUNTRY) SELECT COUNTRY, N FROM BY_COUNTRY WHERE N > 2) X ORDER BY X.N DESC, X.COUNTRY

--- cte_twice: an expression used twice
WITH yearly AS (SELECT YEAR(invoice_date) AS y, SUM(total) AS revenue FROM invoice GROUP BY YEAR(invoice_date)) SELECT a.y, a.revenue, b.revenue AS year_before FROM yearly a LEFT JOIN yearly b ON b.y = a.y - 1 ORDER BY a.y

--- cte_four: four expressions in a row
WITH a AS (SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id), b AS (SELECT AVG(spent) AS average FROM a), c AS (SELECT a.customer_id, a.spent - b.average AS distance FROM a CROSS JOIN b), d AS (SELECT customer_id, distance FROM c WHERE distance > 0) SELECT COUNT(*) AS above_average, MAX(distance) AS furthest FROM d

--- recursive_numbers: numbers from one to ten
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n ORDER BY i

--- recursive_months: revenue of each month of 2023, empty months too
WITH RECURSIVE MONTHS (M) AS (SELECT 1 UNION ALL SELECT M + 1 FROM MONTHS WHERE M < 12) SELECT MONTHS.M AS MONTH_OF_YEAR, COALESCE(SUM(I.TOTAL), 0) AS REVENUE FROM MONTHS LEFT JOIN INVOICE I ON MONTH(I.INVOICE_DATE) = MONTHS.M AND YEAR(I.INVOICE_DATE) = 2023 GROUP BY MONTHS.M ORDER BY MONTHS.M

--- recursive_years: years without sales
WITH RECURSIVE years AS (SELECT 2019 AS y UNION ALL SELECT y + 1 FROM years WHERE y < 2027) SELECT y FROM years WHERE y NOT IN (SELECT YEAR(invoice_date) FROM invoice) ORDER BY y

--- revenue_by_year: revenue per year
SELECT YEAR(invoice_date) AS sales_year, SUM(total) AS revenue FROM invoice GROUP BY YEAR(invoice_date) ORDER BY sales_year

--- revenue_by_month: revenue per month
SELECT TO_CHAR(invoice_date, 'YYYY-MM') AS sales_month, SUM(total) AS revenue, COUNT(*) AS invoices FROM invoice GROUP BY TO_CHAR(invoice_date, 'YYYY-MM') ORDER BY sales_month

--- revenue_by_month_alias: month grouped by the alias
SELECT TO_CHAR(I.INVOICE_DATE, 'YYYY-MM') AS YM, SUM(I.TOTAL) AS REVENUE FROM INVOICE I GROUP BY YM ORDER BY YM DESC LIMIT 12

--- revenue_month_start: first day of month
SELECT DATE_TRUNC('MONTH', invoice_date) AS month_start, SUM(total) AS revenue FROM invoice GROUP BY 1 ORDER BY 1

--- year_month_pivot: years by quarter, conditional sums
select year(invoice_date) as y,
  sum(case when month(invoice_date) between 1 and 3 then total else 0 end) as q1,
  sum(case when month(invoice_date) between 4 and 6 then total else 0 end) as q2,
  sum(case when month(invoice_date) between 7 and 9 then total else 0 end) as q3,
  sum(case when month(invoice_date) between 10 and 12 then total else 0 end) as q4
from invoice
group by year(invoice_date)
order by y

--- date_range: invoices of the first quarter of 2024
SELECT invoice_id, invoice_date, total FROM invoice WHERE invoice_date BETWEEN '2024-01-01'::DATE AND '2024-03-31'::DATE ORDER BY invoice_date, invoice_id

--- date_half_open: half open range
SELECT COUNT(*) AS N FROM INVOICE WHERE INVOICE_DATE >= '2022-06-01'::DATE AND INVOICE_DATE < '2022-07-01'::DATE

--- year_filter: one year
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE YEAR(invoice_date) = 2024 GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 5

--- first_last_purchase: first and last purchase
SELECT customer_id, MIN(invoice_date) AS first_purchase, MAX(invoice_date) AS last_purchase, DATEDIFF('day', MIN(invoice_date), MAX(invoice_date)) AS days_between FROM invoice GROUP BY customer_id ORDER BY days_between DESC, customer_id LIMIT 10

--- yoy_growth: growth over the year before
WITH yearly AS (SELECT YEAR(invoice_date) AS y, SUM(total) AS revenue FROM invoice GROUP BY YEAR(invoice_date)) SELECT y, revenue, LAG(revenue) OVER (ORDER BY y) AS previous, ROUND(100.0 * (revenue - LAG(revenue) OVER (ORDER BY y)) / LAG(revenue) OVER (ORDER BY y), 1) AS growth_percent FROM yearly ORDER BY y

--- mom_growth: growth over the month before
WITH MONTHLY AS (SELECT TO_CHAR(INVOICE_DATE, 'YYYY-MM') AS YM, SUM(TOTAL) AS REVENUE FROM INVOICE GROUP BY TO_CHAR(INVOICE_DATE, 'YYYY-MM')), COMPARED AS (SELECT YM, REVENUE, LAG(REVENUE, 1) OVER (ORDER BY YM) AS EARLIER FROM MONTHLY) SELECT YM, REVENUE, REVENUE - EARLIER AS DIFFERENCE FROM COMPARED WHERE EARLIER IS NOT NULL ORDER BY YM

--- same_month_last_year: lag of twelve months
WITH monthly AS (SELECT TO_CHAR(invoice_date, 'YYYY-MM') AS ym, SUM(total) AS revenue FROM invoice GROUP BY TO_CHAR(invoice_date, 'YYYY-MM')) SELECT ym, revenue, LAG(revenue, 12, 0) OVER (ORDER BY ym) AS year_ago FROM monthly ORDER BY ym DESC LIMIT 24

--- running_total: running total of revenue
SELECT invoice_date, total, SUM(total) OVER (ORDER BY invoice_date, invoice_id) AS running_total FROM invoice ORDER BY invoice_date, invoice_id LIMIT 100

--- running_total_rows: running total with a frame
SELECT invoice_id, SUM(total) OVER (ORDER BY invoice_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM invoice ORDER BY invoice_id

--- running_total_short_frame: frame with a single bound
SELECT INVOICE_ID, SUM(TOTAL) OVER (PARTITION BY BILLING_COUNTRY ORDER BY INVOICE_ID ROWS UNBOUNDED PRECEDING) AS RUNNING FROM INVOICE ORDER BY BILLING_COUNTRY, INVOICE_ID

--- moving_average: moving average of three months
WITH monthly AS (SELECT TO_CHAR(invoice_date, 'YYYY-MM') AS ym, SUM(total) AS revenue FROM invoice GROUP BY TO_CHAR(invoice_date, 'YYYY-MM')) SELECT ym, revenue, AVG(revenue) OVER (ORDER BY ym ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving_average FROM monthly ORDER BY ym

--- centered_average: centred average
with monthly as (select to_char(invoice_date, 'YYYY-MM') as ym, sum(total) as revenue from invoice group by to_char(invoice_date, 'YYYY-MM')) select ym, avg(revenue) over (order by ym rows between 1 preceding and 1 following) as centred from monthly order by ym

--- range_frame: frame by range
SELECT invoice_id, total, COUNT(*) OVER (ORDER BY total RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS cheaper_or_equal FROM invoice ORDER BY total, invoice_id

--- rows_following: what is still to come
SELECT INVOICE_ID, SUM(TOTAL) OVER (ORDER BY INVOICE_ID ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS STILL_TO_COME FROM INVOICE ORDER BY INVOICE_ID LIMIT 10

--- row_number_latest: newest invoice per customer
SELECT customer_id, invoice_id, total FROM (SELECT i.*, ROW_NUMBER() OVER (PARTITION BY i.customer_id ORDER BY i.invoice_date DESC, i.invoice_id DESC) AS rn FROM invoice i) ranked WHERE rn = 1 ORDER BY customer_id

--- rank_country: rank of countries
SELECT billing_country, SUM(total) AS revenue, RANK() OVER (ORDER BY SUM(total) DESC) AS position FROM invoice GROUP BY billing_country ORDER BY position, billing_country

--- dense_rank_top3: three best tracks of each genre
WITH SOLD AS (SELECT G.NAME AS GENRE, T.NAME AS TRACK, SUM(IL.QUANTITY) AS QUANTITY FROM INVOICE_LINE IL JOIN TRACK T ON T.TRACK_ID = IL.TRACK_ID JOIN GENRE G ON G.GENRE_ID = T.GENRE_ID GROUP BY G.NAME, T.NAME), RANKED AS (SELECT GENRE, TRACK, QUANTITY, DENSE_RANK() OVER (PARTITION BY GENRE ORDER BY QUANTITY DESC) AS PLACE FROM SOLD) SELECT GENRE, TRACK, QUANTITY, PLACE FROM RANKED WHERE PLACE <= 1 ORDER BY GENRE, TRACK

--- ntile_quartiles: customers in four groups
SELECT "CUSTOMER_ID", spent, NTILE(4) OVER (ORDER BY spent DESC, "CUSTOMER_ID") AS quartile FROM (SELECT "CUSTOMER_ID", SUM("TOTAL") AS spent FROM "INVOICE" GROUP BY "CUSTOMER_ID") s ORDER BY quartile, "CUSTOMER_ID"

--- percent_rank: relative rank
SELECT customer_id, spent, PERCENT_RANK() OVER (ORDER BY spent) AS relative_rank, CUME_DIST() OVER (ORDER BY spent) AS share FROM (SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id) s ORDER BY spent, customer_id

--- first_last_value: first and last value
SELECT DISTINCT customer_id, FIRST_VALUE(total) OVER (PARTITION BY customer_id ORDER BY invoice_date, invoice_id) AS first_total, LAST_VALUE(total) OVER (PARTITION BY customer_id ORDER BY invoice_date, invoice_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_total FROM invoice ORDER BY customer_id

--- nth_value: second invoice
SELECT DISTINCT CUSTOMER_ID, NTH_VALUE(INVOICE_ID, 2) OVER (PARTITION BY CUSTOMER_ID ORDER BY INVOICE_DATE, INVOICE_ID ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS SECOND_INVOICE FROM INVOICE ORDER BY CUSTOMER_ID

--- lead_gap: days until the next purchase
SELECT customer_id, invoice_date, DATEDIFF('day', invoice_date, LEAD(invoice_date) OVER (PARTITION BY customer_id ORDER BY invoice_date)) AS days_to_next FROM invoice ORDER BY customer_id, invoice_date

--- share_of_partition: share within the country
select billing_country, billing_city, sum(total) as revenue, round(100.0 * sum(total) / sum(sum(total)) over (partition by billing_country), 1) as percent_of_country from invoice group by billing_country, billing_city order by billing_country, revenue desc, billing_city

--- cumulative_share: pareto of customers
WITH s AS (SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id), c AS (SELECT customer_id, spent, SUM(spent) OVER (ORDER BY spent DESC, customer_id) AS cumulative, SUM(spent) OVER () AS everything FROM s) SELECT customer_id, spent, ROUND(100.0 * cumulative / everything, 2) AS cumulative_percent FROM c ORDER BY cumulative, customer_id

--- abc_analysis: ABC classes of products
WITH SALES AS (SELECT TRACK_ID, SUM(UNIT_PRICE * QUANTITY) AS REVENUE FROM INVOICE_LINE GROUP BY TRACK_ID), SHARES AS (SELECT TRACK_ID, REVENUE, SUM(REVENUE) OVER (ORDER BY REVENUE DESC, TRACK_ID) / SUM(REVENUE) OVER () AS SHARE FROM SALES) SELECT CASE WHEN SHARE <= 0.8 THEN 'A' WHEN SHARE <= 0.95 THEN 'B' ELSE 'C' END AS CLASS, COUNT(*) AS PRODUCTS, SUM(REVENUE) AS REVENUE FROM SHARES GROUP BY CASE WHEN SHARE <= 0.8 THEN 'A' WHEN SHARE <= 0.95 THEN 'B' ELSE 'C' END ORDER BY CLASS

--- cohort: cohorts by year of the first purchase
WITH first_buy AS (SELECT customer_id, MIN(YEAR(invoice_date)) AS cohort FROM invoice GROUP BY customer_id) SELECT f.cohort, YEAR(i.invoice_date) - f.cohort AS years_later, COUNT(DISTINCT i.customer_id) AS customers, SUM(i.total) AS revenue FROM first_buy f JOIN invoice i ON i.customer_id = f.customer_id GROUP BY f.cohort, YEAR(i.invoice_date) - f.cohort ORDER BY f.cohort, years_later

--- retention: customers who bought in two years running
SELECT a.y, COUNT(DISTINCT a.customer_id) AS customers, COUNT(DISTINCT b.customer_id) AS came_back FROM (SELECT DISTINCT customer_id, YEAR(invoice_date) AS y FROM invoice) a LEFT JOIN (SELECT DISTINCT customer_id, YEAR(invoice_date) AS y FROM invoice) b ON b.customer_id = a.customer_id AND b.y = a.y + 1 GROUP BY a.y ORDER BY a.y

--- market_basket: genres bought together
SELECT g1.name AS genre_one, g2.name AS genre_two, COUNT(DISTINCT l1.invoice_id) AS together FROM invoice_line l1 JOIN invoice_line l2 ON l1.invoice_id = l2.invoice_id JOIN track t1 ON t1.track_id = l1.track_id JOIN track t2 ON t2.track_id = l2.track_id JOIN genre g1 ON g1.genre_id = t1.genre_id JOIN genre g2 ON g2.genre_id = t2.genre_id WHERE g1.genre_id < g2.genre_id GROUP BY g1.name, g2.name ORDER BY together DESC, g1.name, g2.name LIMIT 10

--- basket_size: distribution of basket sizes
SELECT LINE_COUNT, COUNT(*) AS INVOICES FROM (SELECT INVOICE_ID, COUNT(*) AS LINE_COUNT FROM INVOICE_LINE GROUP BY INVOICE_ID) B GROUP BY LINE_COUNT ORDER BY LINE_COUNT

--- rfm: recency, frequency, money
WITH rfm AS (SELECT customer_id, MAX(invoice_date) AS recency, COUNT(*) AS frequency, SUM(total) AS money FROM invoice GROUP BY customer_id) SELECT customer_id, NTILE(5) OVER (ORDER BY recency, customer_id) AS r, NTILE(5) OVER (ORDER BY frequency, customer_id) AS f, NTILE(5) OVER (ORDER BY money, customer_id) AS m FROM rfm ORDER BY customer_id

--- segment_case: segments by case
SELECT segment, COUNT(*) AS customers FROM (SELECT CASE WHEN SUM("TOTAL") >= 45 THEN 'gold' WHEN SUM("TOTAL") >= 40 THEN 'silver' ELSE 'bronze' END AS segment FROM "INVOICE" GROUP BY "CUSTOMER_ID") x GROUP BY segment ORDER BY segment

--- case_simple: simple case
SELECT name, CASE media_type_id WHEN 3 THEN 'video' ELSE 'audio' END AS kind FROM track ORDER BY track_id LIMIT 20

--- case_in_order: case in order by
SELECT COUNTRY, COUNT(*) AS N FROM CUSTOMER GROUP BY COUNTRY ORDER BY CASE WHEN COUNTRY = 'USA' THEN 0 WHEN COUNTRY = 'Canada' THEN 1 ELSE 2 END, COUNTRY

--- case_nested: nested case
SELECT invoice_id, CASE WHEN total > 10 THEN CASE WHEN billing_country = 'USA' THEN 'large, home' ELSE 'large, abroad' END ELSE 'small' END AS kind FROM invoice ORDER BY invoice_id LIMIT 50

--- case_no_else: case without else
select billing_country, count(case when total > 10 then 1 end) as large_invoices from invoice group by billing_country order by 2 desc, 1

--- coalesce: missing company
SELECT customer_id, COALESCE(company, 'private person') AS company FROM customer ORDER BY customer_id

--- coalesce_three: first that is there
SELECT customer_id, COALESCE(state, city, country, 'unknown') AS place FROM customer ORDER BY customer_id

--- nullif: avoid division by zero
SELECT g.name, SUM(il.quantity) / NULLIF(COUNT(DISTINCT il.invoice_id), 0) AS per_invoice FROM genre g LEFT JOIN track t ON t.genre_id = g.genre_id LEFT JOIN invoice_line il ON il.track_id = t.track_id GROUP BY g.genre_id, g.name ORDER BY g.name

--- is_null: customers without company
SELECT COUNT(*) AS WITHOUT_COMPANY FROM CUSTOMER WHERE COMPANY IS NULL

--- is_not_null: customers with state and company
SELECT first_name, last_name FROM customer WHERE company IS NOT NULL AND state IS NOT NULL ORDER BY customer_id

--- null_share: share of missing values
SELECT ROUND(100.0 * SUM(CASE WHEN composer IS NULL THEN 1 ELSE 0 END) / COUNT(*), 2) AS percent_missing FROM track

--- like_prefix: tracks beginning with Love
SELECT "NAME" FROM "TRACK" WHERE "NAME" LIKE 'Love%' ORDER BY "NAME"

--- like_middle: tracks about love
SELECT COUNT(*) AS N FROM TRACK WHERE LOWER(NAME) LIKE '%love%'

--- not_like: mail addresses not at gmail
SELECT email FROM customer WHERE email NOT LIKE '%@gmail.com' ORDER BY email

--- like_underscore: single character wildcard
select distinct country from customer where country like '_S_' order by country

--- like_or: several patterns
SELECT name FROM artist WHERE name LIKE 'The %' OR name LIKE '% Band' ORDER BY name

--- in_list: three countries
SELECT FIRST_NAME, LAST_NAME, COUNTRY FROM CUSTOMER WHERE COUNTRY IN ('USA', 'Canada', 'Brazil') ORDER BY COUNTRY, LAST_NAME, FIRST_NAME

--- not_in_list: other countries
SELECT country, COUNT(*) FROM customer WHERE country NOT IN ('USA', 'Canada') GROUP BY country ORDER BY country

--- in_numbers: list of numbers
SELECT name FROM genre WHERE genre_id IN (1, 2, 3, 5, 8, 13) ORDER BY genre_id

--- between_numbers: tracks between four and five minutes
SELECT COUNT(*) FROM track WHERE milliseconds BETWEEN 240000 AND 300000

--- not_between: neither cheap nor dear
SELECT INVOICE_ID FROM INVOICE WHERE TOTAL NOT BETWEEN 1 AND 15 ORDER BY INVOICE_ID

--- and_or_not: boolean logic
SELECT customer_id FROM customer WHERE (country = 'USA' OR country = 'Canada') AND NOT (state IS NULL) AND company IS NULL ORDER BY customer_id

--- not_equal_signs: both signs for not equal
SELECT COUNT(*) FROM track WHERE genre_id <> 1 AND media_type_id != 3

--- union_all: counts of tables
SELECT 'albums' AS what, COUNT(*) AS n FROM album UNION ALL SELECT 'artists', COUNT(*) FROM artist UNION ALL SELECT 'tracks', COUNT(*) FROM track

--- union_distinct: places of customers and invoices
SELECT COUNTRY AS PLACE FROM CUSTOMER UNION SELECT BILLING_COUNTRY FROM INVOICE ORDER BY PLACE

--- union_limit: set operation with limit
SELECT name FROM genre UNION SELECT name FROM media_type ORDER BY 1 LIMIT 7

--- intersect: names of both artist and album
select name from artist intersect select title from album order by 1

--- except: countries with customers but without large invoices
SELECT country FROM customer EXCEPT SELECT billing_country FROM invoice WHERE total > 20 ORDER BY 1

--- union_in_derived: union in a derived table
SELECT KIND, COUNT(*) AS N FROM (SELECT 'artist' AS KIND, NAME FROM ARTIST UNION ALL SELECT 'album', TITLE FROM ALBUM UNION ALL SELECT 'track', NAME FROM TRACK) NAMES WHERE LENGTH(NAME) > 20 GROUP BY KIND ORDER BY KIND

--- union_in_cte: union in an expression
WITH everything AS (SELECT album_id AS id, title AS label FROM album UNION ALL SELECT artist_id, name FROM artist) SELECT COUNT(*) AS n, COUNT(DISTINCT label) AS labels FROM everything

--- total_row: sum row below the table
SELECT billing_country AS country, SUM(total) AS revenue FROM invoice WHERE billing_country IN ('Chile', 'India') GROUP BY billing_country UNION ALL SELECT 'all', SUM(total) FROM invoice WHERE billing_country IN ('Chile', 'India')

--- limit_offset: second page
SELECT track_id, name FROM track ORDER BY track_id LIMIT 20 OFFSET 20

--- order_expression: order by an expression
SELECT TRACK_ID, NAME FROM TRACK ORDER BY MILLISECONDS / 60000 DESC, TRACK_ID LIMIT 10

--- order_mixed: mixed directions
SELECT country, state, city FROM customer ORDER BY country ASC, city DESC

--- order_hidden: order by a column that is not selected
SELECT name FROM track ORDER BY bytes DESC, track_id LIMIT 5

--- order_nulls_last: missing values last
SELECT customer_id, company FROM customer ORDER BY company ASC NULLS LAST, customer_id

--- order_nulls_first: missing values first
SELECT CUSTOMER_ID, STATE FROM CUSTOMER ORDER BY STATE DESC NULLS FIRST, CUSTOMER_ID

--- order_aggregate: order by an aggregate
SELECT "BILLING_CITY" FROM "INVOICE" GROUP BY "BILLING_CITY" ORDER BY SUM("TOTAL") DESC, "BILLING_CITY" LIMIT 3

--- literals: literals only
select 1 as one, 'text' as words, 2.5 as number, null as missing

--- arithmetic: arithmetic and precedence
SELECT invoice_line_id, unit_price * quantity * 1.19 AS gross, (unit_price - 0.5) * 2 AS odd, -quantity AS negative, quantity % 2 AS remainder FROM invoice_line ORDER BY invoice_line_id LIMIT 10

--- minutes: track length in minutes
SELECT NAME, ROUND(MILLISECONDS / 60000.0, 2) AS MINUTES FROM TRACK ORDER BY MILLISECONDS DESC LIMIT 10

--- album_length: length of albums
SELECT al.title, SUM(t.milliseconds) / 1000 AS seconds, COUNT(*) AS tracks FROM album al JOIN track t ON t.album_id = al.album_id GROUP BY al.album_id, al.title HAVING COUNT(*) > 20 ORDER BY seconds DESC, al.album_id

--- average_price: average price by media type
SELECT m.name, AVG(t.unit_price) AS average_price FROM media_type m JOIN track t ON t.media_type_id = m.media_type_id GROUP BY m.name ORDER BY average_price DESC, m.name

--- round_abs: round, abs
SELECT invoice_id, ROUND(total) AS whole, ABS(total - 5) AS distance FROM invoice ORDER BY distance, invoice_id LIMIT 10

--- upper_lower: upper and lower case
SELECT UPPER(LAST_NAME) AS LAST_NAME, LOWER(EMAIL) AS EMAIL FROM CUSTOMER ORDER BY CUSTOMER_ID LIMIT 10

--- concat_names: full name
SELECT first_name || ' ' || last_name AS full_name FROM customer ORDER BY last_name, first_name

--- concat_number: text from a number
SELECT invoice_id::VARCHAR || ': ' || billing_country AS label FROM invoice ORDER BY invoice_id LIMIT 5

--- substring: domain of mail addresses
SELECT SUBSTR(email, POSITION('@', email) + 1) AS domain, COUNT(*) AS n FROM customer GROUP BY SUBSTR(email, POSITION('@', email) + 1) ORDER BY n DESC, domain

--- initials: initials
SELECT SUBSTR(FIRST_NAME, 1, 1) || SUBSTR(LAST_NAME, 1, 1) AS INITIALS FROM CUSTOMER ORDER BY CUSTOMER_ID

--- replace_trim: replace and trim
SELECT REPLACE(phone, ' ', '') AS phone, TRIM(fax) AS fax FROM customer ORDER BY customer_id LIMIT 10

--- length: longest titles
SELECT "TITLE", LENGTH("TITLE") AS characters FROM "ALBUM" ORDER BY LENGTH("TITLE") DESC, "TITLE" LIMIT 10

--- cast_decimal: cast to decimal
SELECT billing_country, CAST(AVG(total) AS NUMBER(10, 2)) AS average_total FROM invoice GROUP BY billing_country ORDER BY billing_country

--- cast_integer: cast to whole number
SELECT FLOOR(TOTAL) AS WHOLE, COUNT(*) AS N FROM INVOICE GROUP BY FLOOR(TOTAL) ORDER BY WHOLE

--- histogram: histogram of totals in steps of five
SELECT FLOOR(total / 5) * 5 AS bucket, COUNT(*) AS invoices FROM invoice GROUP BY FLOOR(total / 5) * 5 ORDER BY bucket

--- text_aggregate: genres in one line
SELECT LISTAGG(name, ', ') WITHIN GROUP (ORDER BY name) AS genres FROM genre

--- text_aggregate_group: albums of each artist
SELECT ar.name, LISTAGG(al.title, '; ') WITHIN GROUP (ORDER BY al.title) AS albums FROM artist ar JOIN album al ON al.artist_id = ar.artist_id GROUP BY ar.artist_id, ar.name HAVING COUNT(*) > 5 ORDER BY ar.name

--- quoted_aliases: aliases with blanks
SELECT BILLING_COUNTRY AS "Billing country", SUM(TOTAL) AS "Total revenue (USD)" FROM INVOICE GROUP BY BILLING_COUNTRY ORDER BY "Total revenue (USD)" DESC, "Billing country"

--- alias_equals_column: alias equal to a column
SELECT customer_id, SUM(total) AS total FROM invoice GROUP BY customer_id ORDER BY SUM(total) DESC, customer_id LIMIT 5

--- alias_equals_table: alias equal to a table
SELECT album.title FROM track AS Album_tracks JOIN album ON album.album_id = Album_tracks.album_id WHERE Album_tracks.track_id = 1

--- alias_swapped: aliases that are names of other tables
SELECT genre.name FROM media_type AS genre ORDER BY genre.media_type_id

--- unqualified_join: unqualified columns in a join
SELECT TITLE, MILLISECONDS FROM ALBUM A JOIN TRACK T ON A.ALBUM_ID = T.ALBUM_ID WHERE MILLISECONDS > 2000000 ORDER BY MILLISECONDS DESC

--- full_table_names: full table names instead of aliases
SELECT artist.name, COUNT(album.album_id) AS albums FROM artist INNER JOIN album ON artist.artist_id = album.artist_id GROUP BY artist.name ORDER BY albums DESC, artist.name LIMIT 5

--- star_and_more: star with an expression
select i.*, i.total * 0.2 as tax from invoice i where i.invoice_id <= 5 order by i.invoice_id

--- two_stars: two qualified stars
SELECT al.*, ar.* FROM "ALBUM" al JOIN "ARTIST" ar ON ar."ARTIST_ID" = al."ARTIST_ID" WHERE ar."NAME" = 'Queen' ORDER BY al."ALBUM_ID"

--- star_join: star over a join
SELECT * FROM PLAYLIST_TRACK PT JOIN PLAYLIST P ON P.PLAYLIST_ID = PT.PLAYLIST_ID WHERE P.PLAYLIST_ID = 16 ORDER BY PT.TRACK_ID

--- count_star_star: counts side by side
SELECT (SELECT COUNT(*) FROM track) AS tracks, (SELECT COUNT(*) FROM album) AS albums, (SELECT COUNT(*) FROM artist) AS artists

--- ratio: ratio of two subqueries
SELECT ROUND((SELECT SUM(total) FROM invoice WHERE billing_country = 'USA') * 100.0 / (SELECT SUM(total) FROM invoice), 1) AS percent_from_usa

--- having_subquery: having with a subquery
SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id HAVING SUM(total) > (SELECT AVG(s) FROM (SELECT SUM(total) AS s FROM invoice GROUP BY customer_id) x) ORDER BY spent DESC, customer_id

--- all_comparison: not smaller than all
SELECT INVOICE_ID, TOTAL FROM INVOICE WHERE TOTAL >= ALL (SELECT TOTAL FROM INVOICE)

--- any_comparison: larger than any
SELECT COUNT(*) AS n FROM track WHERE milliseconds > ANY (SELECT milliseconds FROM track WHERE genre_id = 20)

--- max_per_group: longest track of each genre
SELECT g.name AS genre, t.name AS track, t.milliseconds FROM track t JOIN genre g ON g.genre_id = t.genre_id JOIN (SELECT genre_id, MAX(milliseconds) AS longest FROM track GROUP BY genre_id) m ON m.genre_id = t.genre_id AND m.longest = t.milliseconds ORDER BY g.name, t.track_id

--- second_highest: second highest invoice
SELECT MAX(TOTAL) AS SECOND_HIGHEST FROM INVOICE WHERE TOTAL < (SELECT MAX(TOTAL) FROM INVOICE)

--- median_by_rank: median by row numbers
WITH o AS (SELECT total, ROW_NUMBER() OVER (ORDER BY total) AS rn, COUNT(*) OVER () AS n FROM invoice) SELECT AVG(total) AS median FROM o WHERE rn BETWEEN n / 2.0 AND n / 2.0 + 1

--- variance_by_hand: variance by its formula
select avg(total * total) - avg(total) * avg(total) as variance from invoice

--- weighted_average: weighted average price
SELECT SUM(unit_price * quantity) / SUM(quantity) AS weighted_price FROM invoice_line

--- distinct_ratio: tracks sold more than once
SELECT TIMES_SOLD, COUNT(*) AS TRACKS FROM (SELECT TRACK_ID, COUNT(*) AS TIMES_SOLD FROM INVOICE_LINE GROUP BY TRACK_ID) S GROUP BY TIMES_SOLD ORDER BY TIMES_SOLD

--- duplicates: track names that occur more than once
SELECT name, COUNT(*) AS n FROM track GROUP BY name HAVING COUNT(*) > 1 ORDER BY n DESC, name

--- check_totals: invoices whose lines do not add up
SELECT i.invoice_id, i.total, SUM(il.unit_price * il.quantity) AS computed FROM invoice i JOIN invoice_line il ON il.invoice_id = i.invoice_id GROUP BY i.invoice_id, i.total HAVING ABS(i.total - SUM(il.unit_price * il.quantity)) > 0.01 ORDER BY i.invoice_id

--- support_rep: customers and revenue per support person
SELECT c.support_rep_id, COUNT(DISTINCT c.customer_id) AS customers, SUM(i.total) AS revenue FROM customer c LEFT JOIN invoice i ON i.customer_id = c.customer_id GROUP BY c.support_rep_id ORDER BY revenue DESC

--- playlist_sizes: playlists with number of tracks
SELECT P.PLAYLIST_ID, P.NAME, COUNT(PT.TRACK_ID) AS TRACKS, COALESCE(SUM(T.UNIT_PRICE), 0) AS PRICE FROM PLAYLIST P LEFT JOIN PLAYLIST_TRACK PT ON PT.PLAYLIST_ID = P.PLAYLIST_ID LEFT JOIN TRACK T ON T.TRACK_ID = PT.TRACK_ID GROUP BY P.PLAYLIST_ID, P.NAME ORDER BY TRACKS DESC, P.PLAYLIST_ID

--- tracks_in_many_playlists: tracks on most playlists
SELECT t.name, COUNT(DISTINCT pt.playlist_id) AS playlists FROM track t JOIN playlist_track pt USING (track_id) GROUP BY t.track_id, t.name HAVING COUNT(DISTINCT pt.playlist_id) >= 5 ORDER BY t.name

--- relational_division: customers who bought all of three genres
SELECT c.customer_id FROM customer c JOIN invoice i ON i.customer_id = c.customer_id JOIN invoice_line il ON il.invoice_id = i.invoice_id JOIN track t ON t.track_id = il.track_id JOIN genre g ON g.genre_id = t.genre_id WHERE g.name IN ('Rock', 'Jazz', 'Metal') GROUP BY c.customer_id HAVING COUNT(DISTINCT g.name) = 3 ORDER BY c.customer_id

--- double_not_exists: artists all of whose albums were sold
SELECT ar.name FROM artist ar WHERE EXISTS (SELECT 1 FROM album al WHERE al.artist_id = ar.artist_id) AND NOT EXISTS (SELECT 1 FROM album al WHERE al.artist_id = ar.artist_id AND NOT EXISTS (SELECT 1 FROM track t JOIN invoice_line il ON il.track_id = t.track_id WHERE t.album_id = al.album_id)) ORDER BY ar.name LIMIT 30

--- favourite_genre: favourite genre of each country
WITH COUNTS AS (SELECT I.BILLING_COUNTRY AS COUNTRY, G.NAME AS GENRE, COUNT(*) AS N FROM INVOICE I JOIN INVOICE_LINE IL ON IL.INVOICE_ID = I.INVOICE_ID JOIN TRACK T ON T.TRACK_ID = IL.TRACK_ID JOIN GENRE G ON G.GENRE_ID = T.GENRE_ID GROUP BY I.BILLING_COUNTRY, G.NAME) SELECT COUNTRY, GENRE, N FROM (SELECT COUNTRY, GENRE, N, RANK() OVER (PARTITION BY COUNTRY ORDER BY N DESC) AS PLACE FROM COUNTS) R WHERE PLACE = 1 ORDER BY COUNTRY, GENRE

--- gaps_between_sales: longest gap between two invoices
SELECT MAX(gap) AS longest_gap FROM (SELECT DATEDIFF('day', LAG(invoice_date) OVER (ORDER BY invoice_date, invoice_id), invoice_date) AS gap FROM invoice) g

--- day_bucket: sales per day
select invoice_date::DATE as day, count(*) as invoices, sum(total) as revenue from invoice group by invoice_date::DATE order by revenue desc, day limit 10

--- new_customers: new customers per year
SELECT first_year, COUNT(*) AS new_customers FROM (SELECT customer_id, MIN(YEAR(invoice_date)) AS first_year FROM invoice GROUP BY customer_id) f GROUP BY first_year ORDER BY first_year

--- churned: customers without a purchase after June 2025
SELECT C.FIRST_NAME, C.LAST_NAME, MAX(I.INVOICE_DATE) AS LAST_PURCHASE FROM CUSTOMER C JOIN INVOICE I ON I.CUSTOMER_ID = C.CUSTOMER_ID GROUP BY C.CUSTOMER_ID, C.FIRST_NAME, C.LAST_NAME HAVING MAX(I.INVOICE_DATE) < '2025-06-01'::DATE ORDER BY LAST_PURCHASE, C.LAST_NAME

--- compare_two_years: two years side by side
SELECT "BILLING_COUNTRY", SUM(CASE WHEN YEAR("INVOICE_DATE") = 2024 THEN "TOTAL" ELSE 0 END) AS y2024, SUM(CASE WHEN YEAR("INVOICE_DATE") = 2025 THEN "TOTAL" ELSE 0 END) AS y2025 FROM "INVOICE" GROUP BY "BILLING_COUNTRY" HAVING SUM(CASE WHEN YEAR("INVOICE_DATE") = 2025 THEN "TOTAL" ELSE 0 END) > 0 ORDER BY y2025 DESC, "BILLING_COUNTRY"

--- long_query: a report of several expressions, as a language model writes it
WITH customer_orders AS (
    SELECT
        c.customer_id,
        c.country,
        COUNT(DISTINCT i.invoice_id) AS order_count,
        SUM(i.total) AS total_spent,
        AVG(i.total) AS avg_order_value,
        MAX(i.invoice_date) AS last_order
    FROM customer c
    LEFT JOIN invoice i
        ON c.customer_id = i.customer_id
    GROUP BY
        c.customer_id,
        c.country
),
country_stats AS (
    SELECT
        country,
        COUNT(*) AS customer_count,
        SUM(total_spent) AS country_revenue,
        AVG(total_spent) AS revenue_per_customer
    FROM customer_orders
    GROUP BY country
)
SELECT
    cs.country,
    cs.customer_count,
    cs.country_revenue,
    ROUND(cs.revenue_per_customer, 2) AS revenue_per_customer,
    ROW_NUMBER() OVER (ORDER BY cs.country_revenue DESC, cs.country) AS place
FROM country_stats cs
WHERE cs.customer_count >= 2
ORDER BY place;

--- keywords_lower: all in lower case
select c.country, count(*) as customers from customer c group by c.country having count(*) > 3 order by customers desc, c.country

--- string_with_quote: text with an apostrophe
SELECT TITLE FROM ALBUM WHERE TITLE LIKE '%''%' ORDER BY ALBUM_ID

--- string_unicode: text beyond ASCII
SELECT customer_id, first_name FROM customer WHERE city = 'São Paulo' OR first_name = 'François' ORDER BY customer_id

--- string_looks_bad: a text that looks like a statement
SELECT COUNT(*) AS n FROM track WHERE name = 'DROP TABLE Track' OR name LIKE '%select%from employee%'

--- string_looks_comment: a text that looks like a comment
SELECT COUNT(*) AS n FROM album WHERE title LIKE '%--%' OR title = '/* remix */'

--- string_semicolon: a text with a semicolon
SELECT COUNT(*) AS N FROM TRACK WHERE COMPOSER LIKE '%;%'

--- empty_result: no rows
SELECT invoice_id, total FROM invoice WHERE total < 0

--- contradiction: condition that is never true
select album_id from album where 1 = 0

--- limit_one: a single row
SELECT name, milliseconds FROM track ORDER BY milliseconds DESC LIMIT 1

--- deep_parentheses: more brackets than needed
SELECT ((((TOTAL)))) AS TOTAL FROM INVOICE WHERE (((INVOICE_ID = 1) OR ((INVOICE_ID = 2)))) ORDER BY (INVOICE_ID)

--- parenthesized_union: bracketed parts of a union
SELECT * FROM (SELECT genre_id AS id, name FROM genre WHERE genre_id < 4) a UNION ALL SELECT * FROM (SELECT media_type_id, name FROM media_type) b ORDER BY name

--- price_change: tracks sold at another price than listed
SELECT t."TRACK_ID", t."UNIT_PRICE" AS listed, il."UNIT_PRICE" AS sold FROM "TRACK" t JOIN "INVOICE_LINE" il ON il."TRACK_ID" = t."TRACK_ID" AND il."UNIT_PRICE" <> t."UNIT_PRICE" ORDER BY t."TRACK_ID"

--- composer_top: composers with most tracks
SELECT composer, COUNT(*) AS tracks, SUM(bytes) / 1048576 AS megabytes FROM track WHERE composer IS NOT NULL AND composer <> '' GROUP BY composer ORDER BY tracks DESC, composer LIMIT 10

--- album_price: full price of an album
SELECT AL.TITLE, AR.NAME, COUNT(T.TRACK_ID) AS TRACKS, SUM(T.UNIT_PRICE) AS PRICE FROM ALBUM AL JOIN ARTIST AR ON AR.ARTIST_ID = AL.ARTIST_ID JOIN TRACK T ON T.ALBUM_ID = AL.ALBUM_ID WHERE AR.NAME LIKE 'A%' GROUP BY AL.ALBUM_ID, AL.TITLE, AR.NAME ORDER BY PRICE DESC, AL.ALBUM_ID

--- average_tracks_per_album: average of a count
SELECT AVG(n * 1.0) AS average_tracks, MIN(n) AS fewest, MAX(n) AS most FROM (SELECT album_id, COUNT(*) AS n FROM track GROUP BY album_id) per_album

--- customers_above_country_average: above the average of one's country
SELECT s.customer_id, s.country, s.spent FROM (SELECT c.customer_id, c.country, SUM(i.total) AS spent, AVG(SUM(i.total)) OVER (PARTITION BY c.country) AS country_average FROM customer c JOIN invoice i ON i.customer_id = c.customer_id GROUP BY c.customer_id, c.country) s WHERE s.spent > s.country_average ORDER BY s.country, s.customer_id

--- count_over: rows with the number of all rows
SELECT name, COUNT(*) OVER () AS all_genres FROM genre ORDER BY name LIMIT 5

--- month_of_year: seasonality over all years
SELECT MONTH(INVOICE_DATE) AS MONTH_NUMBER, AVG(TOTAL) AS AVERAGE_INVOICE, COUNT(*) AS INVOICES FROM INVOICE GROUP BY MONTH(INVOICE_DATE) ORDER BY MONTH_NUMBER

--- islands: runs of months with rising revenue
WITH monthly AS (SELECT TO_CHAR(invoice_date, 'YYYY-MM') AS ym, SUM(total) AS revenue FROM invoice GROUP BY TO_CHAR(invoice_date, 'YYYY-MM')), marked AS (SELECT ym, revenue, CASE WHEN revenue > LAG(revenue) OVER (ORDER BY ym) THEN 0 ELSE 1 END AS starts FROM monthly), grouped AS (SELECT ym, revenue, SUM(starts) OVER (ORDER BY ym) AS run FROM marked) SELECT run, MIN(ym) AS from_month, MAX(ym) AS to_month, COUNT(*) AS months FROM grouped GROUP BY run HAVING COUNT(*) > 1 ORDER BY months DESC, run

--- first_purchase_genre: genre of the first purchase
with bought as (select i.customer_id, g.name as genre, row_number() over (partition by i.customer_id order by i.invoice_date, il.invoice_line_id) as n from invoice i join invoice_line il on il.invoice_id = i.invoice_id join track t on t.track_id = il.track_id join genre g on g.genre_id = t.genre_id) select genre, count(*) as customers from bought where n = 1 group by genre order by customers desc, genre

--- difference_to_best: distance to the best country
SELECT country, revenue, MAX(revenue) OVER () - revenue AS behind FROM (SELECT billing_country AS country, SUM(total) AS revenue FROM invoice GROUP BY billing_country) r ORDER BY behind, country

--- window_in_order: window function in order by
SELECT BILLING_COUNTRY, TOTAL FROM INVOICE WHERE TOTAL > 15 ORDER BY COUNT(*) OVER (PARTITION BY BILLING_COUNTRY) DESC, BILLING_COUNTRY, INVOICE_ID

--- subquery_in_case: subquery inside a case
SELECT c.customer_id, CASE WHEN EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = c.customer_id AND i.total > 20) THEN 'yes' ELSE 'no' END AS ever_large FROM customer c ORDER BY c.customer_id

--- subquery_from_limit: limit inside a derived table
SELECT SUM("TOTAL") AS sum_of_best FROM (SELECT "TOTAL" FROM "INVOICE" ORDER BY "TOTAL" DESC LIMIT 10) best

--- values_derived: customers in sales regions
SELECT R.REGION, COUNT(*) AS CUSTOMERS FROM CUSTOMER C JOIN (SELECT 'USA' AS COUNTRY, 'America' AS REGION UNION ALL SELECT 'Canada', 'America' UNION ALL SELECT 'Brazil', 'America' UNION ALL SELECT 'Germany', 'Europe' UNION ALL SELECT 'France', 'Europe') R ON R.COUNTRY = C.COUNTRY GROUP BY R.REGION ORDER BY R.REGION

--- boolean_sum: share of invoices over five
SELECT ROUND(AVG(CASE WHEN total > 5 THEN 1.0 ELSE 0.0 END), 3) AS share FROM invoice

--- eight_table_join: everything about one invoice
SELECT i.invoice_id, c.last_name, t.name AS track, al.title, ar.name AS artist, g.name AS genre, m.name AS media FROM invoice i JOIN customer c ON c.customer_id = i.customer_id JOIN invoice_line il ON il.invoice_id = i.invoice_id JOIN track t ON t.track_id = il.track_id JOIN album al ON al.album_id = t.album_id JOIN artist ar ON ar.artist_id = al.artist_id JOIN genre g ON g.genre_id = t.genre_id JOIN media_type m ON m.media_type_id = t.media_type_id WHERE i.invoice_id = 5 ORDER BY il.invoice_line_id

--- linear_trend: slope of revenue over the years
SELECT (COUNT(*) * SUM(x * y) - SUM(x) * SUM(y)) / (COUNT(*) * SUM(x * x) - SUM(x) * SUM(x)) AS slope FROM (SELECT YEAR(invoice_date) - 2020 AS x, SUM(total) AS y FROM invoice GROUP BY YEAR(invoice_date)) p

--- greatest_share: largest customer of each country and its share
WITH S AS (SELECT C.COUNTRY AS COUNTRY, C.CUSTOMER_ID, SUM(I.TOTAL) AS SPENT FROM CUSTOMER C JOIN INVOICE I ON I.CUSTOMER_ID = C.CUSTOMER_ID GROUP BY C.COUNTRY, C.CUSTOMER_ID) SELECT COUNTRY, MAX(SPENT) AS LARGEST, SUM(SPENT) AS EVERYTHING, ROUND(MAX(SPENT) / SUM(SPENT) * 100, 1) AS SHARE FROM S GROUP BY COUNTRY HAVING COUNT(*) > 1 ORDER BY SHARE DESC, COUNTRY

--- shadow_in_inner_scope: a name that means two things in two scopes
SELECT g.name, (WITH genre AS (SELECT COUNT(*) AS n FROM track) SELECT n FROM genre) AS all_tracks FROM genre g ORDER BY g.genre_id

--- distinct_two_counts: two distinct counts
select billing_country, count(distinct customer_id) as customers, count(distinct billing_city) as cities from invoice group by billing_country order by customers desc, billing_country

--- having_alias_free: having on something not selected
SELECT billing_city FROM invoice GROUP BY billing_city HAVING MAX(total) > 20 ORDER BY billing_city

--- group_expression: group by an expression
SELECT CASE WHEN MILLISECONDS < 180000 THEN 'short' WHEN MILLISECONDS < 360000 THEN 'medium' ELSE 'long' END AS LENGTH, COUNT(*) AS N FROM TRACK GROUP BY CASE WHEN MILLISECONDS < 180000 THEN 'short' WHEN MILLISECONDS < 360000 THEN 'medium' ELSE 'long' END ORDER BY N DESC

--- param_genre_1: revenue of one genre
SELECT SUM(il.unit_price * il.quantity) AS revenue FROM invoice_line il JOIN track t ON t.track_id = il.track_id JOIN genre g ON g.genre_id = t.genre_id WHERE g.name = 'Rock'

--- param_genre_2: revenue of one genre
SELECT SUM(il.unit_price * il.quantity) AS revenue FROM invoice_line il JOIN track t ON t.track_id = il.track_id JOIN genre g ON g.genre_id = t.genre_id WHERE g.name = 'Jazz'

--- param_genre_3: revenue of one genre
SELECT SUM(il.unit_price * il.quantity) AS revenue FROM invoice_line il JOIN track t ON t.track_id = il.track_id JOIN genre g ON g.genre_id = t.genre_id WHERE g.name = 'Metal'

--- param_genre_4: revenue of one genre
SELECT SUM(il.unit_price * il.quantity) AS revenue FROM invoice_line il JOIN track t ON t.track_id = il.track_id JOIN genre g ON g.genre_id = t.genre_id WHERE g.name = 'Latin'

--- param_genre_5: revenue of one genre
SELECT SUM(il.unit_price * il.quantity) AS revenue FROM invoice_line il JOIN track t ON t.track_id = il.track_id JOIN genre g ON g.genre_id = t.genre_id WHERE g.name = 'Blues'

--- param_genre_6: revenue of one genre
SELECT SUM(il.unit_price * il.quantity) AS revenue FROM invoice_line il JOIN track t ON t.track_id = il.track_id JOIN genre g ON g.genre_id = t.genre_id WHERE g.name = 'Reggae'

--- param_year_1: best country of one year
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE invoice_date >= '2021-01-01'::DATE AND invoice_date <= '2021-12-31'::DATE GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 1

--- param_year_2: best country of one year
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE invoice_date >= '2022-01-01'::DATE AND invoice_date <= '2022-12-31'::DATE GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 1

--- param_year_3: best country of one year
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE invoice_date >= '2023-01-01'::DATE AND invoice_date <= '2023-12-31'::DATE GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 1

--- param_year_4: best country of one year
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE invoice_date >= '2025-01-01'::DATE AND invoice_date <= '2025-12-31'::DATE GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 1

--- param_country_1: customers and sales of one country
SELECT c.first_name, c.last_name, COUNT(i.invoice_id) AS invoices, SUM(i.total) AS spent FROM customer c LEFT JOIN invoice i ON i.customer_id = c.customer_id WHERE c.country = 'Germany' GROUP BY c.customer_id, c.first_name, c.last_name ORDER BY spent DESC, c.last_name

--- param_country_2: customers and sales of one country
SELECT c.first_name, c.last_name, COUNT(i.invoice_id) AS invoices, SUM(i.total) AS spent FROM customer c LEFT JOIN invoice i ON i.customer_id = c.customer_id WHERE c.country = 'France' GROUP BY c.customer_id, c.first_name, c.last_name ORDER BY spent DESC, c.last_name

--- param_country_3: customers and sales of one country
SELECT c.first_name, c.last_name, COUNT(i.invoice_id) AS invoices, SUM(i.total) AS spent FROM customer c LEFT JOIN invoice i ON i.customer_id = c.customer_id WHERE c.country = 'Brazil' GROUP BY c.customer_id, c.first_name, c.last_name ORDER BY spent DESC, c.last_name

--- param_country_4: customers and sales of one country
SELECT c.first_name, c.last_name, COUNT(i.invoice_id) AS invoices, SUM(i.total) AS spent FROM customer c LEFT JOIN invoice i ON i.customer_id = c.customer_id WHERE c.country = 'United Kingdom' GROUP BY c.customer_id, c.first_name, c.last_name ORDER BY spent DESC, c.last_name

--- param_country_5: customers and sales of one country
SELECT c.first_name, c.last_name, COUNT(i.invoice_id) AS invoices, SUM(i.total) AS spent FROM customer c LEFT JOIN invoice i ON i.customer_id = c.customer_id WHERE c.country = 'Czech Republic' GROUP BY c.customer_id, c.first_name, c.last_name ORDER BY spent DESC, c.last_name

--- param_measure_1: one measure by state
SELECT BILLING_STATE, SUM(TOTAL) AS MEASURE FROM INVOICE WHERE BILLING_STATE IS NOT NULL GROUP BY BILLING_STATE ORDER BY MEASURE DESC, BILLING_STATE

--- param_measure_2: one measure by state
SELECT BILLING_STATE, AVG(TOTAL) AS MEASURE FROM INVOICE WHERE BILLING_STATE IS NOT NULL GROUP BY BILLING_STATE ORDER BY MEASURE DESC, BILLING_STATE

--- param_measure_3: one measure by state
SELECT BILLING_STATE, MAX(TOTAL) AS MEASURE FROM INVOICE WHERE BILLING_STATE IS NOT NULL GROUP BY BILLING_STATE ORDER BY MEASURE DESC, BILLING_STATE

--- param_measure_4: one measure by state
SELECT BILLING_STATE, MIN(TOTAL) AS MEASURE FROM INVOICE WHERE BILLING_STATE IS NOT NULL GROUP BY BILLING_STATE ORDER BY MEASURE DESC, BILLING_STATE

--- param_measure_5: one measure by state
SELECT BILLING_STATE, COUNT(*) AS MEASURE FROM INVOICE WHERE BILLING_STATE IS NOT NULL GROUP BY BILLING_STATE ORDER BY MEASURE DESC, BILLING_STATE

--- two_kilobytes: a report of two kilobytes, as a language model writes it
WITH line_items AS (
    SELECT
        il.invoice_line_id,
        i.invoice_id,
        i.customer_id,
        i.invoice_date,
        i.billing_country,
        t.track_id,
        t.name AS track_name,
        al.title AS album_title,
        ar.name AS artist_name,
        g.name AS genre_name,
        il.unit_price * il.quantity AS line_total
    FROM invoice_line il
    INNER JOIN invoice i ON i.invoice_id = il.invoice_id
    INNER JOIN track t ON t.track_id = il.track_id
    LEFT JOIN album al ON al.album_id = t.album_id
    LEFT JOIN artist ar ON ar.artist_id = al.artist_id
    LEFT JOIN genre g ON g.genre_id = t.genre_id
    WHERE i.invoice_date >= '2022-01-01'::DATE
      AND i.invoice_date < '2025-01-01'::DATE
),
country_genre AS (
    SELECT
        billing_country,
        genre_name,
        SUM(line_total) AS revenue,
        COUNT(DISTINCT customer_id) AS customers,
        COUNT(DISTINCT invoice_id) AS invoices,
        COUNT(*) AS lines_sold
    FROM line_items
    GROUP BY billing_country, genre_name
),
ranked AS (
    SELECT
        billing_country,
        genre_name,
        revenue,
        customers,
        invoices,
        lines_sold,
        ROW_NUMBER() OVER (PARTITION BY billing_country ORDER BY revenue DESC, genre_name) AS genre_rank,
        SUM(revenue) OVER (PARTITION BY billing_country) AS country_revenue
    FROM country_genre
),
best_artist AS (
    SELECT billing_country, artist_name, SUM(line_total) AS artist_revenue,
        ROW_NUMBER() OVER (PARTITION BY billing_country ORDER BY SUM(line_total) DESC, artist_name) AS artist_rank
    FROM line_items
    GROUP BY billing_country, artist_name
)
SELECT
    r.billing_country AS country,
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
    ON b.billing_country = r.billing_country
    AND b.artist_rank = 1
WHERE r.genre_rank = 1
ORDER BY r.country_revenue DESC, country;

--- sn_qualify_latest: latest invoice of each customer
SELECT customer_id, invoice_id, total FROM invoice QUALIFY ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY invoice_date DESC) = 1 ORDER BY customer_id

--- sn_qualify_alias: qualify on an alias
SELECT billing_country, SUM(total) AS revenue, RANK() OVER (ORDER BY SUM(total) DESC) AS place FROM invoice GROUP BY billing_country QUALIFY place <= 5 ORDER BY place

--- sn_qualify_having: where, group, having and qualify together
SELECT billing_country, billing_city, COUNT(*) AS n FROM invoice WHERE total > 1 GROUP BY billing_country, billing_city HAVING COUNT(*) > 2 QUALIFY DENSE_RANK() OVER (PARTITION BY billing_country ORDER BY COUNT(*) DESC) = 1 ORDER BY n DESC, billing_city

--- sn_qualify_dedupe: one row per name
SELECT name, track_id FROM track QUALIFY ROW_NUMBER() OVER (PARTITION BY LOWER(name) ORDER BY track_id) = 1 ORDER BY name LIMIT 100

--- sn_date_trunc_quarter: revenue per quarter
SELECT DATE_TRUNC('QUARTER', invoice_date) AS quarter, SUM(total) AS revenue FROM invoice GROUP BY 1 ORDER BY 1

--- sn_date_trunc_word: date part as a bare word
SELECT DATE_TRUNC(month, invoice_date) AS m, COUNT(*) AS n FROM invoice GROUP BY DATE_TRUNC(month, invoice_date) ORDER BY m

--- sn_dateadd: last three months of the data
SELECT SUM(total) AS revenue FROM invoice WHERE invoice_date >= (SELECT DATEADD(month, -3, MAX(invoice_date)) FROM invoice)

--- sn_dateadd_text: date part as a text
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date < DATEADD('day', -7, CURRENT_DATE())

--- sn_current_date: current date without brackets
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date < CURRENT_DATE

--- sn_current_timestamp: current timestamp
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date < CURRENT_TIMESTAMP()

--- sn_datediff: days between purchases
SELECT customer_id, DATEDIFF(day, MIN(invoice_date), MAX(invoice_date)) AS days FROM invoice GROUP BY customer_id ORDER BY days DESC, customer_id

--- sn_datediff_month: months as customer
SELECT customer_id, DATEDIFF('month', MIN(invoice_date), MAX(invoice_date)) AS months FROM invoice GROUP BY customer_id ORDER BY months DESC, customer_id LIMIT 10

--- sn_timestampdiff: synonym of datediff
SELECT TIMESTAMPDIFF(year, MIN(invoice_date), MAX(invoice_date)) AS years FROM invoice

--- sn_date_part: date_part
SELECT DATE_PART(year, invoice_date) AS y, DATE_PART('quarter', invoice_date) AS q, SUM(total) AS revenue FROM invoice GROUP BY 1, 2 ORDER BY 1, 2

--- sn_extract: extract
SELECT EXTRACT(year FROM invoice_date) AS y, EXTRACT(month FROM invoice_date) AS m, SUM(total) AS revenue FROM invoice GROUP BY y, m ORDER BY y, m

--- sn_dayname: name of the day
SELECT DAYNAME(invoice_date) AS weekday, COUNT(*) AS n FROM invoice GROUP BY DAYNAME(invoice_date) ORDER BY n DESC, weekday

--- sn_monthname: name of the month
SELECT MONTHNAME(invoice_date) AS month_name, AVG(total) AS average FROM invoice GROUP BY MONTHNAME(invoice_date), MONTH(invoice_date) ORDER BY MONTH(invoice_date)

--- sn_date_parts: functions for parts of dates
SELECT QUARTER(invoice_date) AS q, WEEK(invoice_date) AS w, DAYOFWEEK(invoice_date) AS d, DAYOFYEAR(invoice_date) AS y, COUNT(*) AS n FROM invoice GROUP BY 1, 2, 3, 4 ORDER BY n DESC, 1, 2, 3, 4 LIMIT 20

--- sn_last_day: last day of the month
SELECT LAST_DAY(invoice_date) AS month_end, SUM(total) AS revenue FROM invoice GROUP BY LAST_DAY(invoice_date) ORDER BY month_end

--- sn_to_date: text to date
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date >= TO_DATE('2023-07-01', 'YYYY-MM-DD') AND invoice_date < TO_DATE('2023-08-01')

--- sn_to_timestamp: text to timestamp
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date >= TO_TIMESTAMP('2023-07-01 00:00:00')

--- sn_date_from_parts: date from parts
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date >= DATE_FROM_PARTS(2023, 7, 1)

--- sn_add_months: add_months and months_between
SELECT MONTHS_BETWEEN(MAX(invoice_date), MIN(invoice_date)) AS months, ADD_MONTHS(MIN(invoice_date), 1) AS a_month_later FROM invoice

--- sn_interval: interval constant
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date >= '2024-01-01'::DATE AND invoice_date < '2024-01-01'::DATE + INTERVAL '1 month'

--- sn_interval_minus: interval from the newest date
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date > (SELECT MAX(invoice_date) FROM invoice) - INTERVAL '90 days'

--- sn_date_literal: date literal
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date BETWEEN DATE '2023-01-01' AND DATE '2023-06-30'

--- sn_to_char_format: formatted month
SELECT TO_CHAR(invoice_date, 'MON YYYY') AS label, TO_VARCHAR(SUM(total), '999,999.00') AS revenue FROM invoice GROUP BY TO_CHAR(invoice_date, 'MON YYYY'), DATE_TRUNC('month', invoice_date) ORDER BY DATE_TRUNC('month', invoice_date)

--- sn_iff: iff
SELECT IFF(total >= 10, 'large', 'small') AS size, COUNT(*) AS n FROM invoice GROUP BY 1 ORDER BY 1

--- sn_iff_nested: nested iff
SELECT IFF(total < 2, 'low', IFF(total < 10, 'middle', 'high')) AS band, SUM(total) AS revenue FROM invoice GROUP BY band ORDER BY revenue DESC

--- sn_nvl: nvl
SELECT customer_id, NVL(company, '(none)') AS company, NVL2(state, 'has state', 'no state') AS kind FROM customer ORDER BY customer_id

--- sn_ifnull: ifnull
SELECT customer_id, IFNULL(state, country) AS place FROM customer ORDER BY customer_id

--- sn_zeroifnull: zero if null
SELECT g.name, ZEROIFNULL(SUM(il.quantity)) AS sold FROM genre g LEFT JOIN track t ON t.genre_id = g.genre_id LEFT JOIN invoice_line il ON il.track_id = t.track_id GROUP BY g.name ORDER BY sold DESC, g.name

--- sn_div0: division without error
SELECT billing_country, DIV0(SUM(total), COUNT_IF(total > 10)) AS per_large FROM invoice GROUP BY billing_country ORDER BY billing_country

--- sn_nullifzero: null if zero
SELECT billing_country, SUM(total) / NULLIFZERO(COUNT_IF(total > 10)) AS per_large FROM invoice GROUP BY billing_country ORDER BY per_large DESC NULLS LAST, billing_country

--- sn_decode: decode
SELECT DECODE(media_type_id, 3, 'video', 'audio') AS kind, COUNT(*) AS n FROM track GROUP BY kind ORDER BY kind

--- sn_count_if: count_if
SELECT billing_country, COUNT_IF(total > 10) AS large, COUNT_IF(total <= 10) AS small FROM invoice GROUP BY billing_country ORDER BY large DESC, billing_country

--- sn_listagg_distinct: distinct list
SELECT billing_country, LISTAGG(DISTINCT billing_city, ', ') WITHIN GROUP (ORDER BY billing_city) AS cities FROM invoice GROUP BY billing_country ORDER BY billing_country

--- sn_listagg_plain: list without order
SELECT LISTAGG(name, ' | ') AS names FROM media_type

--- sn_array_agg: list as an array
SELECT ar.name, ARRAY_AGG(al.title) WITHIN GROUP (ORDER BY al.title) AS albums FROM artist ar JOIN album al ON al.artist_id = ar.artist_id GROUP BY ar.name HAVING COUNT(*) >= 5 ORDER BY ar.name

--- sn_array_size: number of distinct genres
SELECT i.customer_id, ARRAY_SIZE(ARRAY_AGG(DISTINCT t.genre_id)) AS genres FROM invoice i JOIN invoice_line il USING (invoice_id) JOIN track t USING (track_id) GROUP BY i.customer_id ORDER BY genres DESC, i.customer_id LIMIT 10

--- sn_object_construct: rows as objects
SELECT OBJECT_CONSTRUCT('id', genre_id, 'name', name) AS genre FROM genre ORDER BY genre_id

--- sn_parse_json: path into a json literal
SELECT SUM(total) * PARSE_JSON('{"rate": 0.19}'):rate::NUMBER(5, 2) AS tax FROM invoice

--- sn_ilike: ilike
SELECT name FROM track WHERE name ILIKE '%love%' ORDER BY name

--- sn_not_ilike: not ilike
SELECT COUNT(*) AS n FROM customer WHERE email NOT ILIKE '%.COM'

--- sn_ilike_any: any of several patterns
SELECT name FROM artist WHERE name ILIKE ANY ('the %', '% band') ORDER BY name

--- sn_like_any: like any
SELECT COUNT(*) AS n FROM track WHERE name LIKE ANY ('A%', 'B%')

--- sn_rlike: regular expression
SELECT name FROM artist WHERE RLIKE(name, '[A-C].*s') ORDER BY name

--- sn_regexp: regexp operator
SELECT COUNT(*) AS n FROM track WHERE name REGEXP '.*(Remix|Live).*'

--- sn_regexp_replace: digits only
SELECT customer_id, REGEXP_REPLACE(phone, '[^0-9]', '') AS digits FROM customer ORDER BY customer_id

--- sn_regexp_substr: part found by a pattern
SELECT REGEXP_SUBSTR(email, '[a-z]+$') AS ending, COUNT(*) AS n FROM customer GROUP BY ending ORDER BY n DESC, ending

--- sn_regexp_count: number of matches
SELECT title, REGEXP_COUNT(title, '[aeiou]') AS vowels FROM album ORDER BY vowels DESC, title LIMIT 10

--- sn_contains: contains, startswith, endswith
SELECT COUNT_IF(CONTAINS(name, 'Love')) AS a, COUNT_IF(STARTSWITH(name, 'Black')) AS b, COUNT_IF(ENDSWITH(name, 'Blues')) AS c FROM track

--- sn_split_part: domain of mail addresses
SELECT SPLIT_PART(email, '@', 2) AS domain, COUNT(*) AS n FROM customer GROUP BY domain ORDER BY n DESC, domain

--- sn_charindex: charindex and substr
SELECT SUBSTR(email, 1, CHARINDEX('@', email) - 1) AS user_name FROM customer ORDER BY customer_id

--- sn_left_right: left and right
SELECT LEFT(last_name, 3) AS a, RIGHT(postal_code, 2) AS b FROM customer ORDER BY customer_id LIMIT 10

--- sn_concat_functions: concat functions
SELECT CONCAT(first_name, ' ', last_name) AS full_name, CONCAT_WS(', ', city, country) AS place, INITCAP(city) AS city FROM customer ORDER BY customer_id

--- sn_lpad: padded number
SELECT LPAD(invoice_id::VARCHAR, 6, '0') AS number, total FROM invoice ORDER BY invoice_id LIMIT 5

--- sn_median: median
SELECT billing_country, MEDIAN(total) AS median FROM invoice GROUP BY billing_country ORDER BY median DESC, billing_country

--- sn_percentile_cont: ninth decile
SELECT PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY total) AS p90 FROM invoice

--- sn_percentile_over: percentile as a window function
SELECT DISTINCT g.name, PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY t.milliseconds) OVER (PARTITION BY g.genre_id) AS median FROM track t JOIN genre g ON g.genre_id = t.genre_id ORDER BY g.name

--- sn_approx: approximate counts
SELECT APPROX_COUNT_DISTINCT(customer_id) AS customers, APPROX_PERCENTILE(total, 0.5) AS median FROM invoice

--- sn_mode: most frequent value
SELECT MODE(unit_price) AS usual_price FROM track

--- sn_stddev: spread
SELECT billing_country, STDDEV(total) AS deviation, VARIANCE(total) AS variance, STDDEV_POP(total) AS population FROM invoice GROUP BY billing_country HAVING COUNT(*) > 5 ORDER BY deviation DESC, billing_country

--- sn_corr: correlation
SELECT CORR(milliseconds, bytes) AS correlation, COVAR_POP(milliseconds, bytes) AS covariance FROM track

--- sn_regression: regression
SELECT REGR_SLOPE(revenue, x) AS slope, REGR_INTERCEPT(revenue, x) AS intercept FROM (SELECT ROW_NUMBER() OVER (ORDER BY m) AS x, revenue FROM (SELECT DATE_TRUNC('month', invoice_date) AS m, SUM(total) AS revenue FROM invoice GROUP BY 1))

--- sn_width_bucket: histogram
SELECT WIDTH_BUCKET(total, 0, 30, 6) AS bucket, COUNT(*) AS n FROM invoice GROUP BY bucket ORDER BY bucket

--- sn_ratio_to_report: ratio to report
SELECT billing_country, SUM(total) AS revenue, ROUND(100 * RATIO_TO_REPORT(SUM(total)) OVER (), 2) AS percent FROM invoice GROUP BY billing_country ORDER BY percent DESC, billing_country

--- sn_max_by: max_by and min_by
SELECT billing_country, MAX_BY(invoice_id, total) AS largest_invoice, MIN_BY(invoice_id, total) AS smallest_invoice FROM invoice GROUP BY billing_country ORDER BY billing_country

--- sn_any_value: any_value
SELECT customer_id, ANY_VALUE(billing_country) AS country, SUM(total) AS spent FROM invoice GROUP BY customer_id ORDER BY spent DESC, customer_id

--- sn_group_by_all: group by all
SELECT billing_country, billing_city, SUM(total) AS revenue FROM invoice GROUP BY ALL ORDER BY revenue DESC, billing_country, billing_city

--- sn_rollup: subtotals by rollup
SELECT billing_country, billing_city, SUM(total) AS revenue FROM invoice GROUP BY ROLLUP (billing_country, billing_city) ORDER BY billing_country, billing_city

--- sn_cube: cube
SELECT YEAR(invoice_date) AS y, billing_country, SUM(total) AS revenue FROM invoice GROUP BY CUBE (YEAR(invoice_date), billing_country) ORDER BY 1, 2

--- sn_grouping_sets: grouping sets
SELECT g.name AS genre, m.name AS media_type, COUNT(*) AS n FROM track t JOIN genre g ON g.genre_id = t.genre_id JOIN media_type m ON m.media_type_id = t.media_type_id GROUP BY GROUPING SETS ((g.name), (m.name)) ORDER BY 1, 2

--- sn_grouping: grouping function
SELECT IFF(GROUPING(billing_country) = 1, 'all', billing_country) AS country, SUM(total) AS revenue FROM invoice GROUP BY ROLLUP (billing_country) ORDER BY GROUPING(billing_country), country

--- sn_top: top
SELECT TOP 5 name, milliseconds FROM track ORDER BY milliseconds DESC

--- sn_fetch: fetch first
SELECT name FROM track ORDER BY milliseconds DESC FETCH FIRST 5 ROWS ONLY

--- sn_offset_fetch: offset and fetch
SELECT name FROM track ORDER BY track_id OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY

--- sn_minus: minus
SELECT country FROM customer MINUS SELECT billing_country FROM invoice WHERE total > 15 ORDER BY 1

--- sn_values: values as a derived table
SELECT r.region, SUM(i.total) AS revenue FROM invoice i JOIN (VALUES ('USA', 'America'), ('France', 'Europe')) AS r (country, region) ON r.country = i.billing_country GROUP BY r.region ORDER BY r.region

--- sn_values_columns: names of values' columns
SELECT column1 AS code, column2 AS label FROM (VALUES (1, 'one'), (2, 'two')) ORDER BY code

--- sn_lateral: lateral over a subquery
SELECT c.customer_id, x.n FROM customer c, LATERAL (SELECT COUNT(*) AS n FROM invoice i WHERE i.customer_id = c.customer_id) x ORDER BY x.n DESC, c.customer_id

--- sn_pivot: pivot by a literal list
SELECT * FROM (SELECT billing_country, YEAR(invoice_date) AS y, total FROM invoice) PIVOT (SUM(total) FOR y IN (2023, 2024, 2025)) ORDER BY 1

--- sn_lag_ignore_nulls: lag that ignores missing values
SELECT customer_id, LAG(state) IGNORE NULLS OVER (ORDER BY customer_id) AS state_before FROM customer ORDER BY customer_id

--- sn_first_value: first value ignoring nulls
SELECT DISTINCT country, FIRST_VALUE(company IGNORE NULLS) OVER (PARTITION BY country ORDER BY customer_id) AS first_company FROM customer ORDER BY country

--- sn_conditional_event: sessions by change
SELECT invoice_id, CONDITIONAL_TRUE_EVENT(total > 10) OVER (PARTITION BY customer_id ORDER BY invoice_id) AS large_so_far FROM invoice ORDER BY invoice_id

--- sn_try_cast: try_cast and try_to_number
SELECT TRY_CAST(postal_code AS INTEGER) AS code, TRY_TO_NUMBER(postal_code) AS number FROM customer ORDER BY customer_id

--- sn_casts: casts with colons
SELECT total::INT AS whole, total::FLOAT AS float, total::STRING AS words, invoice_date::DATE AS day FROM invoice ORDER BY invoice_id LIMIT 5

--- sn_to_number: to_number and to_decimal
SELECT TO_NUMBER('12.5', 10, 2) + TO_DECIMAL('1.25', 10, 2) AS a, TO_DOUBLE('1.5') AS b

--- sn_math: mathematics
SELECT SQRT(SUM(POWER(total - 5, 2))) AS root, LN(SUM(total)) AS logarithm, CEIL(AVG(total)) AS up, FLOOR(AVG(total)) AS down, TRUNC(AVG(total), 1) AS cut, SQUARE(3) AS nine FROM invoice

--- sn_mod: remainder
SELECT MOD(invoice_id, 7) AS a, invoice_id % 2 AS b, COUNT(*) AS n FROM invoice GROUP BY a, b ORDER BY a, b

--- sn_greatest_least: greatest and least
SELECT invoice_id, GREATEST(total, 5) AS at_least, LEAST(total, 10) AS at_most FROM invoice ORDER BY invoice_id LIMIT 20

--- sn_equal_null: equal_null
SELECT COUNT(*) AS n FROM customer WHERE NOT EQUAL_NULL(state, 'CA')

--- sn_is_distinct: is distinct from
SELECT COUNT(*) AS n FROM customer WHERE state IS DISTINCT FROM 'CA'

--- sn_boolor: boolean aggregates
SELECT customer_id, BOOLOR_AGG(total > 20) AS ever_large, BOOLAND_AGG(total > 0.5) AS always_some FROM invoice GROUP BY customer_id ORDER BY customer_id

--- sn_range_interval: frame by interval
SELECT invoice_date, SUM(total) OVER (ORDER BY invoice_date RANGE BETWEEN INTERVAL '30 days' PRECEDING AND CURRENT ROW) AS last_thirty_days FROM invoice ORDER BY invoice_date

--- sn_star_exclude: star without some columns
SELECT * EXCLUDE (fax, phone) FROM customer WHERE country = 'Chile'

--- sn_star_rename: star with another name
SELECT i.* RENAME (total AS amount) FROM invoice i WHERE i.invoice_id < 5 ORDER BY i.invoice_id

--- sn_recursive_months: calendar by recursion
WITH RECURSIVE months AS (SELECT '2024-01-01'::DATE AS m UNION ALL SELECT DATEADD(month, 1, m) FROM months WHERE m < '2024-12-01'::DATE) SELECT months.m, COALESCE(SUM(i.total), 0) AS revenue FROM months LEFT JOIN invoice i ON DATE_TRUNC('month', i.invoice_date) = months.m GROUP BY months.m ORDER BY months.m

--- sn_cohort: cohorts by months
WITH firsts AS (SELECT customer_id, DATE_TRUNC('month', MIN(invoice_date)) AS cohort FROM invoice GROUP BY customer_id) SELECT f.cohort, DATEDIFF('month', f.cohort, i.invoice_date) AS month_number, COUNT(DISTINCT i.customer_id) AS customers FROM invoice i JOIN firsts f ON f.customer_id = i.customer_id GROUP BY 1, 2 ORDER BY 1, 2

--- sn_alias_reuse: alias used in the same select list
SELECT billing_country, SUM(total) AS revenue, COUNT(*) AS n, revenue / n AS average FROM invoice GROUP BY billing_country ORDER BY average DESC, billing_country

--- sn_quoted: quoted capitals
SELECT "NAME" AS "Name of genre" FROM "GENRE" ORDER BY "GENRE_ID" LIMIT 5

--- sn_bracketed_union: union of bracketed selects
(SELECT name FROM genre) UNION ALL (SELECT name FROM media_type) ORDER BY 1

--- sn_md5: hash of a mail address
SELECT MD5(email) AS anonymous, country FROM customer ORDER BY customer_id LIMIT 5

--- sn_time_slice: time slices
SELECT TIME_SLICE(invoice_date, 3, 'MONTH', 'START') AS slice, SUM(total) AS revenue FROM invoice GROUP BY slice ORDER BY slice
