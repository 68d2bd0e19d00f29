--- artist_list: all artists
SELECT * FROM artist

--- artist_list_ordered: artists in alphabetical order
SELECT artist_id, name FROM artist ORDER BY name

--- genre_first_ten: first ten genres
SELECT genre_id, name FROM genre ORDER BY genre_id LIMIT 10

--- track_count: how many tracks are there
select count(*) from track

--- track_count_alias: number of tracks, named
SELECT COUNT(*) AS total_tracks FROM "track";

--- revenue_total: total revenue
SELECT SUM(total) AS revenue FROM invoice

--- invoice_measures: several measures in one row
SELECT COUNT(*) AS invoices, SUM(total) AS revenue, AVG(total) AS average_invoice, MIN(total) AS smallest, MAX(total) AS largest FROM invoice

--- countries_distinct: countries of our customers
SELECT DISTINCT country FROM customer ORDER BY country

--- countries_count_distinct: number of countries
SELECT COUNT(DISTINCT country) AS countries FROM customer

--- city_country_distinct: distinct pairs
select distinct country, city from customer order by 1, 2

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
SELECT "billing_country", SUM("total") AS revenue FROM "invoice" GROUP BY "billing_country" ORDER BY revenue DESC, "billing_country"

--- revenue_by_country_having: countries over 100
SELECT billing_country AS country, SUM(total) AS revenue FROM invoice GROUP BY billing_country HAVING SUM(total) > 100 ORDER BY 2 DESC, 1

--- having_two: having with two conditions
select billing_country, count(*) as n, avg(total) as average from invoice group by billing_country having count(*) >= 7 and avg(total) > 5.5 order by n desc, billing_country

--- having_without_group: having over the whole table
SELECT SUM(total) AS revenue FROM invoice HAVING COUNT(*) > 400

--- group_position: group by position
SELECT billing_country, billing_city, COUNT(*) FROM invoice GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 20

--- genre_tracks: tracks per genre
SELECT g.name, COUNT(t.track_id) AS tracks FROM genre g LEFT JOIN track t ON t.genre_id = g.genre_id GROUP BY g.genre_id, g.name ORDER BY tracks DESC, g.name

--- right_join: media types with no track shown too
SELECT m.name AS media_type, COUNT(t.track_id) AS tracks FROM track t RIGHT JOIN media_type m ON m.media_type_id = t.media_type_id GROUP BY m.name ORDER BY m.name

--- right_outer_join: right outer join spelled out
SELECT ar.name, al.title FROM album al RIGHT OUTER JOIN artist ar ON ar.artist_id = al.artist_id WHERE al.album_id IS NULL ORDER BY ar.name LIMIT 25

--- full_join: playlists and genres by name
select p.name as playlist, g.name as genre from playlist p full outer join genre g on g.name = p.name order by p.playlist_id, g.genre_id

--- cross_join: every genre with every media type
SELECT g."name" AS "genre", m."name" AS "media_type" FROM "genre" g CROSS JOIN "media_type" m ORDER BY g."genre_id", m."media_type_id"

--- comma_join: old style join
SELECT al.title, ar.name FROM album al, artist ar WHERE al.artist_id = ar.artist_id ORDER BY al.album_id LIMIT 50

--- comma_join_three: old style join of three tables
SELECT ar.name, COUNT(*) AS tracks FROM artist ar, album al, track t WHERE ar.artist_id = al.artist_id AND al.album_id = t.album_id GROUP BY ar.name ORDER BY tracks DESC, ar.name LIMIT 10

--- using_join: join with using
SELECT title, name FROM album JOIN artist USING (artist_id) ORDER BY title LIMIT 30

--- using_join_many: several joins with using
SELECT ar.name, COUNT(il.invoice_line_id) AS sold FROM artist ar JOIN album al USING (artist_id) JOIN track t USING (album_id) JOIN invoice_line il USING (track_id) GROUP BY ar.name ORDER BY sold DESC, ar.name LIMIT 15

--- using_two_columns: using with the merged column selected
select invoice_id, count(*) as line_count, max(total) as total from invoice inner join invoice_line using (invoice_id) group by invoice_id order by line_count desc, invoice_id limit 10

--- natural_join: natural join
SELECT title, name FROM album NATURAL JOIN artist ORDER BY album_id LIMIT 12

--- self_join_customers: customers in the same city
SELECT a.first_name AS first, b.first_name AS second, a.city FROM customer a JOIN customer b ON a.city = b.city AND a.customer_id < b.customer_id ORDER BY a.city, a.customer_id, b.customer_id

--- self_join_albums: pairs of albums of one artist
SELECT x.title AS album_one, y.title AS album_two FROM album x INNER JOIN album y ON x.artist_id = y.artist_id AND x.album_id < y.album_id ORDER BY x.album_id, y.album_id LIMIT 40

--- non_equi_join: price bands by non-equi join
SELECT b.label, COUNT(*) AS invoices FROM (SELECT 'small' AS label, 0 AS low, 3 AS high UNION ALL SELECT 'medium', 3, 10 UNION ALL SELECT 'large', 10, 1000) b JOIN "invoice" i ON i."total" >= b.low AND i."total" < b.high GROUP BY b.label ORDER BY b.label

--- join_parentheses: nested join in parentheses
SELECT c.last_name, i.invoice_id, il.invoice_line_id FROM customer c LEFT JOIN (invoice i JOIN invoice_line il ON il.invoice_id = i.invoice_id) ON i.customer_id = c.customer_id WHERE c.country = 'Norway' ORDER BY il.invoice_line_id

--- join_on_or: join condition with or
select c.customer_id, count(i.invoice_id) as n from customer c join invoice i on i.customer_id = c.customer_id and (i.billing_city = c.city or i.billing_state = c.state) group by c.customer_id order by c.customer_id

--- anti_join: artists without albums by anti join
SELECT ar.artist_id, ar.name FROM artist ar LEFT JOIN album al ON al.artist_id = ar.artist_id WHERE al.album_id IS NULL ORDER BY ar.artist_id

--- anti_join_exists: tracks never sold
SELECT COUNT(*) AS never_sold FROM track t WHERE NOT EXISTS (SELECT 1 FROM invoice_line il WHERE il.track_id = t.track_id)

--- in_subquery: tracks on the playlist Grunge
SELECT name FROM track WHERE track_id IN (SELECT pt.track_id FROM playlist_track pt JOIN playlist p ON p.playlist_id = pt.playlist_id WHERE p.name = 'Grunge') ORDER BY name

--- not_in_subquery: customers who did not buy in 2025
SELECT first_name, last_name FROM customer WHERE customer_id NOT IN (SELECT customer_id FROM invoice WHERE invoice_date >= DATE '2025-01-01') ORDER BY customer_id

--- exists_subquery: customers with an invoice over 20
SELECT c.last_name FROM customer c WHERE EXISTS (SELECT * FROM invoice i WHERE i.customer_id = c.customer_id AND i.total > 20) ORDER BY c.last_name

--- scalar_subquery_where: invoices above the average
select invoice_id, total from invoice where total > (select avg(total) from invoice) order by total desc, invoice_id limit 20

--- scalar_subquery_select: each country's share of revenue
SELECT "billing_country", SUM("total") AS revenue, ROUND(100.0 * SUM("total") / (SELECT SUM("total") FROM "invoice"), 2) AS percent_of_total FROM "invoice" GROUP BY "billing_country" ORDER BY revenue DESC, "billing_country"

--- correlated_select: number of albums by correlated subquery
SELECT ar.name, (SELECT COUNT(*) FROM album al WHERE al.artist_id = ar.artist_id) AS albums FROM artist ar ORDER BY albums DESC, ar.name LIMIT 10

--- correlated_max: last invoice of every customer
SELECT i.customer_id, i.invoice_id, i.invoice_date FROM invoice i WHERE i.invoice_date = (SELECT MAX(i2.invoice_date) FROM invoice i2 WHERE i2.customer_id = i.customer_id) ORDER BY i.customer_id

--- row_in: pairs in a subquery
SELECT invoice_id, billing_country, total FROM invoice WHERE (billing_country, total) IN (SELECT billing_country, MAX(total) FROM invoice GROUP BY billing_country) ORDER BY billing_country, invoice_id

--- derived_table: average of sums
SELECT AVG(spent) AS average_customer_value FROM (SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id) AS per_customer

--- derived_table_join: joined derived tables
select c.country, s.spent from customer c join (select customer_id, sum(total) as spent from invoice group by customer_id) s on s.customer_id = c.customer_id order by s.spent desc, c.customer_id limit 5

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
WITH spending ("customer", amount) AS (SELECT "customer_id", SUM("total") FROM "invoice" GROUP BY "customer_id") SELECT "customer", amount FROM spending WHERE amount > 40 ORDER BY amount DESC, "customer"

--- cte_shadow: an expression named as a table, of which it is a part
WITH invoice AS (SELECT invoice_id, customer_id, total FROM invoice WHERE total > 10) SELECT COUNT(*) AS n, SUM(total) AS revenue FROM invoice

--- cte_shadow_other: an expression named as another table
with genre as (select genre_id, count(*) as tracks from track group by genre_id) select genre_id, tracks from genre order by tracks desc, genre_id limit 5

--- cte_nested: an expression within an expression
WITH outer_part AS (WITH inner_part AS (SELECT customer_id, COUNT(*) AS n FROM invoice GROUP BY customer_id) SELECT n, COUNT(*) AS customers FROM inner_part GROUP BY n) SELECT n, customers FROM outer_part ORDER BY n

--- cte_in_subquery: an expression inside a derived table
SELECT x.country, x.n FROM (WITH by_country AS (SELECT country AS country, COUNT(*) AS n FROM customer GROUP BY country) SELECT country, n FROM by_country WHERE n > 2) x ORDER BY x.n DESC, x.country

--- cte_twice: an expression used twice
WITH yearly AS (SELECT EXTRACT(YEAR FROM invoice_date) AS y, SUM(total) AS revenue FROM invoice GROUP BY EXTRACT(YEAR FROM invoice_date)) SELECT a.y, a.revenue, b.revenue AS year_before FROM yearly a LEFT JOIN yearly b ON b.y = a.y - 1 ORDER BY a.y

--- cte_four: four expressions in a row
WITH a AS (SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id), b AS (SELECT AVG(spent) AS average FROM a), c AS (SELECT a.customer_id, a.spent - b.average AS distance FROM a CROSS JOIN b), d AS (SELECT customer_id, distance FROM c WHERE distance > 0) SELECT COUNT(*) AS above_average, MAX(distance) AS furthest FROM d

--- recursive_numbers: numbers from one to ten
WITH RECURSIVE n AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM n WHERE i < 10) SELECT i FROM n ORDER BY i

--- recursive_months: revenue of each month of 2023, empty months too
with recursive months (m) as (select 1 union all select m + 1 from months where m < 12) select months.m as month_of_year, coalesce(sum(i.total), 0) as revenue from months left join invoice i on extract(month from i.invoice_date) = months.m and extract(year from i.invoice_date) = 2023 group by months.m order by months.m

--- recursive_years: years without sales
WITH RECURSIVE years AS (SELECT 2019 AS y UNION ALL SELECT y + 1 FROM years WHERE y < 2027) SELECT y FROM years WHERE y NOT IN (SELECT EXTRACT(YEAR FROM "invoice_date") FROM "invoice") ORDER BY y

--- revenue_by_year: revenue per year
SELECT EXTRACT(YEAR FROM invoice_date) AS sales_year, SUM(total) AS revenue FROM invoice GROUP BY EXTRACT(YEAR FROM invoice_date) ORDER BY sales_year

--- revenue_by_month: revenue per month
SELECT to_char(invoice_date, 'YYYY-MM') AS sales_month, SUM(total) AS revenue, COUNT(*) AS invoices FROM invoice GROUP BY to_char(invoice_date, 'YYYY-MM') ORDER BY sales_month

--- revenue_by_month_alias: month grouped by the alias
SELECT to_char(i.invoice_date, 'YYYY-MM') AS ym, SUM(i.total) AS revenue FROM invoice i GROUP BY ym ORDER BY ym DESC LIMIT 12

--- revenue_month_start: first day of month
SELECT date_trunc('month', invoice_date) AS month_start, SUM(total) AS revenue FROM invoice GROUP BY 1 ORDER BY 1

--- year_month_pivot: years by quarter, conditional sums
select extract(year from invoice_date) as y,
  sum(case when extract(month from invoice_date) between 1 and 3 then total else 0 end) as q1,
  sum(case when extract(month from invoice_date) between 4 and 6 then total else 0 end) as q2,
  sum(case when extract(month from invoice_date) between 7 and 9 then total else 0 end) as q3,
  sum(case when extract(month from invoice_date) between 10 and 12 then total else 0 end) as q4
from invoice
group by extract(year from invoice_date)
order by y

--- date_range: invoices of the first quarter of 2024
SELECT invoice_id, invoice_date, total FROM invoice WHERE invoice_date BETWEEN DATE '2024-01-01' AND DATE '2024-03-31' ORDER BY invoice_date, invoice_id

--- date_half_open: half open range
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date >= DATE '2022-06-01' AND invoice_date < DATE '2022-07-01'

--- year_filter: one year
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE EXTRACT(YEAR FROM invoice_date) = 2024 GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 5

--- first_last_purchase: first and last purchase
SELECT "customer_id", MIN("invoice_date") AS first_purchase, MAX("invoice_date") AS last_purchase, CAST(MAX("invoice_date") AS date) - CAST(MIN("invoice_date") AS date) AS days_between FROM "invoice" GROUP BY "customer_id" ORDER BY days_between DESC, "customer_id" LIMIT 10

--- yoy_growth: growth over the year before
WITH yearly AS (SELECT EXTRACT(YEAR FROM invoice_date) AS y, SUM(total) AS revenue FROM invoice GROUP BY EXTRACT(YEAR FROM invoice_date)) SELECT y, revenue, LAG(revenue) OVER (ORDER BY y) AS previous, ROUND(100.0 * (revenue - LAG(revenue) OVER (ORDER BY y)) / LAG(revenue) OVER (ORDER BY y), 1) AS growth_percent FROM yearly ORDER BY y

--- mom_growth: growth over the month before
with monthly as (select to_char(invoice_date, 'YYYY-MM') as ym, sum(total) as revenue from invoice group by to_char(invoice_date, 'YYYY-MM')), compared as (select ym, revenue, lag(revenue, 1) over (order by ym) as earlier from monthly) select ym, revenue, revenue - earlier as difference from compared where earlier is not null order by ym

--- same_month_last_year: lag of twelve months
WITH monthly AS (SELECT to_char(invoice_date, 'YYYY-MM') AS ym, SUM(total) AS revenue FROM invoice GROUP BY to_char(invoice_date, 'YYYY-MM')) SELECT ym, revenue, LAG(revenue, 12, 0) OVER (ORDER BY ym) AS year_ago FROM monthly ORDER BY ym DESC LIMIT 24

--- running_total: running total of revenue
SELECT invoice_date, total, SUM(total) OVER (ORDER BY invoice_date, invoice_id) AS running_total FROM invoice ORDER BY invoice_date, invoice_id LIMIT 100

--- running_total_rows: running total with a frame
SELECT invoice_id, SUM(total) OVER (ORDER BY invoice_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS running FROM invoice ORDER BY invoice_id

--- running_total_short_frame: frame with a single bound
SELECT invoice_id, SUM(total) OVER (PARTITION BY billing_country ORDER BY invoice_id ROWS UNBOUNDED PRECEDING) AS running FROM invoice ORDER BY billing_country, invoice_id

--- moving_average: moving average of three months
WITH monthly AS (SELECT to_char(invoice_date, 'YYYY-MM') AS ym, SUM(total) AS revenue FROM invoice GROUP BY to_char(invoice_date, 'YYYY-MM')) SELECT ym, revenue, AVG(revenue) OVER (ORDER BY ym ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) AS moving_average FROM monthly ORDER BY ym

--- centered_average: centred average
with monthly as (select to_char(invoice_date, 'YYYY-MM') as ym, sum(total) as revenue from invoice group by to_char(invoice_date, 'YYYY-MM')) select ym, avg(revenue) over (order by ym rows between 1 preceding and 1 following) as centred from monthly order by ym

--- range_frame: frame by range
SELECT "invoice_id", "total", COUNT(*) OVER (ORDER BY "total" RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS cheaper_or_equal FROM "invoice" ORDER BY "total", "invoice_id"

--- rows_following: what is still to come
SELECT invoice_id, SUM(total) OVER (ORDER BY invoice_id ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS still_to_come FROM invoice ORDER BY invoice_id LIMIT 10

--- named_window: named window used twice
SELECT invoice_id, billing_country, ROW_NUMBER() OVER w AS n, SUM(total) OVER w AS running FROM invoice WINDOW w AS (PARTITION BY billing_country ORDER BY invoice_date, invoice_id) ORDER BY billing_country, n

--- row_number_latest: newest invoice per customer
SELECT customer_id, invoice_id, total FROM (SELECT i.*, ROW_NUMBER() OVER (PARTITION BY i.customer_id ORDER BY i.invoice_date DESC, i.invoice_id DESC) AS rn FROM invoice i) ranked WHERE rn = 1 ORDER BY customer_id

--- rank_country: rank of countries
SELECT billing_country, SUM(total) AS revenue, RANK() OVER (ORDER BY SUM(total) DESC) AS position FROM invoice GROUP BY billing_country ORDER BY position, billing_country

--- dense_rank_top3: three best tracks of each genre
with sold as (select g.name as genre, t.name as track, sum(il.quantity) as quantity from invoice_line il join track t on t.track_id = il.track_id join genre g on g.genre_id = t.genre_id group by g.name, t.name), ranked as (select genre, track, quantity, DENSE_RANK() over (partition by genre order by quantity desc) as place from sold) select genre, track, quantity, place from ranked where place <= 1 order by genre, track

--- ntile_quartiles: customers in four groups
SELECT customer_id, spent, NTILE(4) OVER (ORDER BY spent DESC, customer_id) AS quartile FROM (SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id) s ORDER BY quartile, customer_id

--- percent_rank: relative rank
SELECT customer_id, spent, PERCENT_RANK() OVER (ORDER BY spent) AS relative_rank, CUME_DIST() OVER (ORDER BY spent) AS share FROM (SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id) s ORDER BY spent, customer_id

--- first_last_value: first and last value
SELECT DISTINCT customer_id, FIRST_VALUE(total) OVER (PARTITION BY customer_id ORDER BY invoice_date, invoice_id) AS first_total, LAST_VALUE(total) OVER (PARTITION BY customer_id ORDER BY invoice_date, invoice_id ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS last_total FROM invoice ORDER BY customer_id

--- nth_value: second invoice
SELECT DISTINCT "customer_id", NTH_VALUE("invoice_id", 2) OVER (PARTITION BY "customer_id" ORDER BY "invoice_date", "invoice_id" ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS second_invoice FROM "invoice" ORDER BY "customer_id"

--- lead_gap: days until the next purchase
SELECT customer_id, invoice_date, CAST(LEAD(invoice_date) OVER (PARTITION BY customer_id ORDER BY invoice_date) AS date) - CAST(invoice_date AS date) AS days_to_next FROM invoice ORDER BY customer_id, invoice_date

--- share_of_partition: share within the country
select billing_country, billing_city, sum(total) as revenue, round(100.0 * sum(total) / sum(sum(total)) over (partition by billing_country), 1) as percent_of_country from invoice group by billing_country, billing_city order by billing_country, revenue desc, billing_city

--- cumulative_share: pareto of customers
WITH s AS (SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id), c AS (SELECT customer_id, spent, SUM(spent) OVER (ORDER BY spent DESC, customer_id) AS cumulative, SUM(spent) OVER () AS everything FROM s) SELECT customer_id, spent, ROUND(100.0 * cumulative / everything, 2) AS cumulative_percent FROM c ORDER BY cumulative, customer_id

--- abc_analysis: ABC classes of products
WITH sales AS (SELECT track_id, SUM(unit_price * quantity) AS revenue FROM invoice_line GROUP BY track_id), shares AS (SELECT track_id, revenue, SUM(revenue) OVER (ORDER BY revenue DESC, track_id) / SUM(revenue) OVER () AS share FROM sales) SELECT CASE WHEN share <= 0.8 THEN 'A' WHEN share <= 0.95 THEN 'B' ELSE 'C' END AS class, COUNT(*) AS products, SUM(revenue) AS revenue FROM shares GROUP BY CASE WHEN share <= 0.8 THEN 'A' WHEN share <= 0.95 THEN 'B' ELSE 'C' END ORDER BY class

--- cohort: cohorts by year of the first purchase
WITH first_buy AS (SELECT customer_id, MIN(EXTRACT(YEAR FROM invoice_date)) AS cohort FROM invoice GROUP BY customer_id) SELECT f.cohort, EXTRACT(YEAR FROM i.invoice_date) - f.cohort AS years_later, COUNT(DISTINCT i.customer_id) AS customers, SUM(i.total) AS revenue FROM first_buy f JOIN invoice i ON i.customer_id = f.customer_id GROUP BY f.cohort, EXTRACT(YEAR FROM i.invoice_date) - f.cohort ORDER BY f.cohort, years_later

--- retention: customers who bought in two years running
SELECT a.y, COUNT(DISTINCT a.customer_id) AS customers, COUNT(DISTINCT b.customer_id) AS came_back FROM (SELECT DISTINCT customer_id, EXTRACT(YEAR FROM invoice_date) AS y FROM invoice) a LEFT JOIN (SELECT DISTINCT customer_id, EXTRACT(YEAR FROM invoice_date) AS y FROM invoice) b ON b.customer_id = a.customer_id AND b.y = a.y + 1 GROUP BY a.y ORDER BY a.y

--- market_basket: genres bought together
SELECT g1.name AS genre_one, g2.name AS genre_two, COUNT(DISTINCT l1.invoice_id) AS together FROM invoice_line l1 JOIN invoice_line l2 ON l1.invoice_id = l2.invoice_id JOIN track t1 ON t1.track_id = l1.track_id JOIN track t2 ON t2.track_id = l2.track_id JOIN genre g1 ON g1.genre_id = t1.genre_id JOIN genre g2 ON g2.genre_id = t2.genre_id WHERE g1.genre_id < g2.genre_id GROUP BY g1.name, g2.name ORDER BY together DESC, g1.name, g2.name LIMIT 10

--- basket_size: distribution of basket sizes
select line_count, count(*) as invoices from (select invoice_id, count(*) as line_count from invoice_line group by invoice_id) b group by line_count order by line_count

--- rfm: recency, frequency, money
WITH rfm AS (SELECT "customer_id", MAX("invoice_date") AS recency, COUNT(*) AS frequency, SUM("total") AS money FROM "invoice" GROUP BY "customer_id") SELECT "customer_id", NTILE(5) OVER (ORDER BY recency, "customer_id") AS r, NTILE(5) OVER (ORDER BY frequency, "customer_id") AS f, NTILE(5) OVER (ORDER BY money, "customer_id") AS m FROM rfm ORDER BY "customer_id"

--- segment_case: segments by case
SELECT segment, COUNT(*) AS customers FROM (SELECT CASE WHEN SUM(total) >= 45 THEN 'gold' WHEN SUM(total) >= 40 THEN 'silver' ELSE 'bronze' END AS segment FROM invoice GROUP BY customer_id) x GROUP BY segment ORDER BY segment

--- case_simple: simple case
SELECT name, CASE media_type_id WHEN 3 THEN 'video' ELSE 'audio' END AS kind FROM track ORDER BY track_id LIMIT 20

--- case_in_order: case in order by
SELECT country, COUNT(*) AS n FROM customer GROUP BY country ORDER BY CASE WHEN country = 'USA' THEN 0 WHEN country = 'Canada' THEN 1 ELSE 2 END, country

--- case_nested: nested case
SELECT invoice_id, CASE WHEN total > 10 THEN CASE WHEN billing_country = 'USA' THEN 'large, home' ELSE 'large, abroad' END ELSE 'small' END AS kind FROM invoice ORDER BY invoice_id LIMIT 50

--- case_no_else: case without else
select billing_country, count(case when total > 10 then 1 end) as large_invoices from invoice group by billing_country order by 2 desc, 1

--- filter_clause: aggregate with filter
SELECT billing_country, COUNT(*) FILTER (WHERE total > 10) AS large_invoices, SUM(total) FILTER (WHERE total <= 10) AS small_revenue FROM invoice GROUP BY billing_country ORDER BY billing_country

--- filter_window: filter on a window function
SELECT invoice_id, COUNT(*) FILTER (WHERE total > 5) OVER (PARTITION BY billing_country) AS n FROM invoice ORDER BY invoice_id LIMIT 30

--- coalesce: missing company
SELECT customer_id, COALESCE(company, 'private person') AS company FROM customer ORDER BY customer_id

--- coalesce_three: first that is there
SELECT "customer_id", COALESCE("state", "city", "country", 'unknown') AS place FROM "customer" ORDER BY "customer_id"

--- nullif: avoid division by zero
SELECT g.name, SUM(il.quantity) / NULLIF(COUNT(DISTINCT il.invoice_id), 0) AS per_invoice FROM genre g LEFT JOIN track t ON t.genre_id = g.genre_id LEFT JOIN invoice_line il ON il.track_id = t.track_id GROUP BY g.genre_id, g.name ORDER BY g.name

--- is_null: customers without company
select count(*) as without_company from customer where company is null

--- is_not_null: customers with state and company
SELECT first_name, last_name FROM customer WHERE company IS NOT NULL AND state IS NOT NULL ORDER BY customer_id

--- null_share: share of missing values
SELECT ROUND(100.0 * SUM(CASE WHEN composer IS NULL THEN 1 ELSE 0 END) / COUNT(*), 2) AS percent_missing FROM track

--- like_prefix: tracks beginning with Love
SELECT name FROM track WHERE name LIKE 'Love%' ORDER BY name

--- like_middle: tracks about love
SELECT COUNT(*) AS n FROM track WHERE LOWER(name) LIKE '%love%'

--- not_like: mail addresses not at gmail
SELECT email FROM customer WHERE email NOT LIKE '%@gmail.com' ORDER BY email

--- like_underscore: single character wildcard
select distinct country from customer where country like '_S_' order by country

--- like_or: several patterns
SELECT "name" FROM "artist" WHERE "name" LIKE 'The %' OR "name" LIKE '% Band' ORDER BY "name"

--- in_list: three countries
SELECT first_name, last_name, country FROM customer WHERE country IN ('USA', 'Canada', 'Brazil') ORDER BY country, last_name, first_name

--- not_in_list: other countries
SELECT country, COUNT(*) FROM customer WHERE country NOT IN ('USA', 'Canada') GROUP BY country ORDER BY country

--- in_numbers: list of numbers
SELECT name FROM genre WHERE genre_id IN (1, 2, 3, 5, 8, 13) ORDER BY genre_id

--- between_numbers: tracks between four and five minutes
SELECT COUNT(*) FROM track WHERE milliseconds BETWEEN 240000 AND 300000

--- not_between: neither cheap nor dear
select invoice_id from invoice where total not between 1 and 15 order by invoice_id

--- and_or_not: boolean logic
SELECT customer_id FROM customer WHERE (country = 'USA' OR country = 'Canada') AND NOT (state IS NULL) AND company IS NULL ORDER BY customer_id

--- not_equal_signs: both signs for not equal
SELECT COUNT(*) FROM track WHERE genre_id <> 1 AND media_type_id != 3

--- union_all: counts of tables
SELECT 'albums' AS what, COUNT(*) AS n FROM album UNION ALL SELECT 'artists', COUNT(*) FROM artist UNION ALL SELECT 'tracks', COUNT(*) FROM track

--- union_distinct: places of customers and invoices
SELECT "country" AS place FROM "customer" UNION SELECT "billing_country" FROM "invoice" ORDER BY place

--- union_limit: set operation with limit
SELECT name FROM genre UNION SELECT name FROM media_type ORDER BY 1 LIMIT 7

--- intersect: names of both artist and album
select name from artist intersect select title from album order by 1

--- except: countries with customers but without large invoices
SELECT country FROM customer EXCEPT SELECT billing_country FROM invoice WHERE total > 20 ORDER BY 1

--- union_in_derived: union in a derived table
SELECT kind, COUNT(*) AS n FROM (SELECT 'artist' AS kind, name FROM artist UNION ALL SELECT 'album', title FROM album UNION ALL SELECT 'track', name FROM track) names WHERE LENGTH(name) > 20 GROUP BY kind ORDER BY kind

--- union_in_cte: union in an expression
WITH everything AS (SELECT album_id AS id, title AS label FROM album UNION ALL SELECT artist_id, name FROM artist) SELECT COUNT(*) AS n, COUNT(DISTINCT label) AS labels FROM everything

--- total_row: sum row below the table
SELECT billing_country AS country, SUM(total) AS revenue FROM invoice WHERE billing_country IN ('Chile', 'India') GROUP BY billing_country UNION ALL SELECT 'all', SUM(total) FROM invoice WHERE billing_country IN ('Chile', 'India')

--- limit_offset: second page
SELECT track_id, name FROM track ORDER BY track_id LIMIT 20 OFFSET 20

--- order_expression: order by an expression
select track_id, name from track order by milliseconds / 60000 desc, track_id limit 10

--- order_mixed: mixed directions
SELECT "country", "state", "city" FROM "customer" ORDER BY "country" ASC, "city" DESC

--- order_hidden: order by a column that is not selected
SELECT name FROM track ORDER BY bytes DESC, track_id LIMIT 5

--- order_nulls_last: missing values last
SELECT customer_id, company FROM customer ORDER BY company ASC NULLS LAST, customer_id

--- order_nulls_first: missing values first
SELECT customer_id, state FROM customer ORDER BY state DESC NULLS FIRST, customer_id

--- order_aggregate: order by an aggregate
SELECT billing_city FROM invoice GROUP BY billing_city ORDER BY SUM(total) DESC, billing_city LIMIT 3

--- literals: literals only
select 1 as one, 'text' as words, 2.5 as number, null as missing

--- arithmetic: arithmetic and precedence
SELECT invoice_line_id, unit_price * quantity * 1.19 AS gross, (unit_price - 0.5) * 2 AS odd, -quantity AS negative, quantity % 2 AS remainder FROM invoice_line ORDER BY invoice_line_id LIMIT 10

--- minutes: track length in minutes
SELECT name, ROUND(milliseconds / 60000.0, 2) AS minutes FROM track ORDER BY milliseconds DESC LIMIT 10

--- album_length: length of albums
SELECT al.title, SUM(t.milliseconds) / 1000 AS seconds, COUNT(*) AS tracks FROM album al JOIN track t ON t.album_id = al.album_id GROUP BY al.album_id, al.title HAVING COUNT(*) > 20 ORDER BY seconds DESC, al.album_id

--- average_price: average price by media type
SELECT m."name", AVG(t."unit_price") AS average_price FROM "media_type" m JOIN "track" t ON t."media_type_id" = m."media_type_id" GROUP BY m."name" ORDER BY average_price DESC, m."name"

--- round_abs: round, abs
SELECT invoice_id, ROUND(total) AS whole, ABS(total - 5) AS distance FROM invoice ORDER BY distance, invoice_id LIMIT 10

--- upper_lower: upper and lower case
select UPPER(last_name) as last_name, LOWER(email) as email from customer order by customer_id limit 10

--- concat_names: full name
SELECT first_name || ' ' || last_name AS full_name FROM customer ORDER BY last_name, first_name

--- concat_number: text from a number
SELECT invoice_id::text || ': ' || billing_country AS label FROM invoice ORDER BY invoice_id LIMIT 5

--- substring: domain of mail addresses
SELECT SUBSTR(email, strpos(email, '@') + 1) AS domain, COUNT(*) AS n FROM customer GROUP BY SUBSTR(email, strpos(email, '@') + 1) ORDER BY n DESC, domain

--- initials: initials
SELECT SUBSTR(first_name, 1, 1) || SUBSTR(last_name, 1, 1) AS initials FROM customer ORDER BY customer_id

--- replace_trim: replace and trim
SELECT REPLACE(phone, ' ', '') AS phone, TRIM(fax) AS fax FROM customer ORDER BY customer_id LIMIT 10

--- length: longest titles
select title, LENGTH(title) as characters from album order by LENGTH(title) desc, title limit 10

--- cast_decimal: cast to decimal
SELECT "billing_country", CAST(AVG("total") AS NUMERIC(10, 2)) AS average_total FROM "invoice" GROUP BY "billing_country" ORDER BY "billing_country"

--- cast_integer: cast to whole number
SELECT FLOOR(total)::int AS whole, COUNT(*) AS n FROM invoice GROUP BY FLOOR(total)::int ORDER BY whole

--- histogram: histogram of totals in steps of five
SELECT FLOOR(total / 5)::int * 5 AS bucket, COUNT(*) AS invoices FROM invoice GROUP BY FLOOR(total / 5)::int * 5 ORDER BY bucket

--- text_aggregate: genres in one line
SELECT string_agg(name, ', ' ORDER BY name) AS genres FROM genre

--- text_aggregate_group: albums of each artist
SELECT ar.name, string_agg(al.title, '; ' ORDER BY al.title) AS albums FROM artist ar JOIN album al ON al.artist_id = ar.artist_id GROUP BY ar.artist_id, ar.name HAVING COUNT(*) > 5 ORDER BY ar.name

--- quoted_aliases: aliases with blanks
select billing_country as "Billing country", sum(total) as "Total revenue (USD)" from invoice group by billing_country order by "Total revenue (USD)" desc, "Billing country"

--- alias_equals_column: alias equal to a column
SELECT customer_id, SUM(total) AS total FROM invoice GROUP BY customer_id ORDER BY SUM(total) DESC, customer_id LIMIT 5

--- alias_equals_table: alias equal to a table
SELECT album.title FROM track AS Album_tracks JOIN album ON album.album_id = Album_tracks.album_id WHERE Album_tracks.track_id = 1

--- alias_swapped: aliases that are names of other tables
SELECT genre.name FROM media_type AS genre ORDER BY genre.media_type_id

--- unqualified_join: unqualified columns in a join
SELECT "title", "milliseconds" FROM "album" a JOIN "track" t ON a."album_id" = t."album_id" WHERE "milliseconds" > 2000000 ORDER BY "milliseconds" DESC

--- full_table_names: full table names instead of aliases
SELECT artist.name, COUNT(album.album_id) AS albums FROM artist INNER JOIN album ON artist.artist_id = album.artist_id GROUP BY artist.name ORDER BY albums DESC, artist.name LIMIT 5

--- star_and_more: star with an expression
select i.*, i.total * 0.2 as tax from invoice i where i.invoice_id <= 5 order by i.invoice_id

--- two_stars: two qualified stars
SELECT al.*, ar.* FROM album al JOIN artist ar ON ar.artist_id = al.artist_id WHERE ar.name = 'Queen' ORDER BY al.album_id

--- star_join: star over a join
SELECT * FROM playlist_track pt JOIN playlist p ON p.playlist_id = pt.playlist_id WHERE p.playlist_id = 16 ORDER BY pt.track_id

--- count_star_star: counts side by side
SELECT (SELECT COUNT(*) FROM track) AS tracks, (SELECT COUNT(*) FROM album) AS albums, (SELECT COUNT(*) FROM artist) AS artists

--- ratio: ratio of two subqueries
SELECT ROUND((SELECT SUM(total) FROM invoice WHERE billing_country = 'USA') * 100.0 / (SELECT SUM(total) FROM invoice), 1) AS percent_from_usa

--- having_subquery: having with a subquery
SELECT customer_id, SUM(total) AS spent FROM invoice GROUP BY customer_id HAVING SUM(total) > (SELECT AVG(s) FROM (SELECT SUM(total) AS s FROM invoice GROUP BY customer_id) x) ORDER BY spent DESC, customer_id

--- all_comparison: not smaller than all
select invoice_id, total from invoice where total >= all (select total from invoice)

--- any_comparison: larger than any
SELECT COUNT(*) AS n FROM "track" WHERE "milliseconds" > ANY (SELECT "milliseconds" FROM "track" WHERE "genre_id" = 20)

--- some_comparison: equal to some
SELECT name FROM genre WHERE genre_id = SOME (SELECT genre_id FROM track WHERE media_type_id = 3) ORDER BY name

--- max_per_group: longest track of each genre
SELECT g.name AS genre, t.name AS track, t.milliseconds FROM track t JOIN genre g ON g.genre_id = t.genre_id JOIN (SELECT genre_id, MAX(milliseconds) AS longest FROM track GROUP BY genre_id) m ON m.genre_id = t.genre_id AND m.longest = t.milliseconds ORDER BY g.name, t.track_id

--- second_highest: second highest invoice
SELECT MAX(total) AS second_highest FROM invoice WHERE total < (SELECT MAX(total) FROM invoice)

--- median_by_rank: median by row numbers
WITH o AS (SELECT total, ROW_NUMBER() OVER (ORDER BY total) AS rn, COUNT(*) OVER () AS n FROM invoice) SELECT AVG(total) AS median FROM o WHERE rn BETWEEN n / 2.0 AND n / 2.0 + 1

--- variance_by_hand: variance by its formula
select avg(total * total) - avg(total) * avg(total) as variance from invoice

--- weighted_average: weighted average price
SELECT SUM(unit_price * quantity) / SUM(quantity) AS weighted_price FROM invoice_line

--- distinct_ratio: tracks sold more than once
SELECT times_sold, COUNT(*) AS tracks FROM (SELECT track_id, COUNT(*) AS times_sold FROM invoice_line GROUP BY track_id) s GROUP BY times_sold ORDER BY times_sold

--- duplicates: track names that occur more than once
SELECT name, COUNT(*) AS n FROM track GROUP BY name HAVING COUNT(*) > 1 ORDER BY n DESC, name

--- check_totals: invoices whose lines do not add up
SELECT i."invoice_id", i."total", SUM(il."unit_price" * il."quantity") AS computed FROM "invoice" i JOIN "invoice_line" il ON il."invoice_id" = i."invoice_id" GROUP BY i."invoice_id", i."total" HAVING ABS(i."total" - SUM(il."unit_price" * il."quantity")) > 0.01 ORDER BY i."invoice_id"

--- support_rep: customers and revenue per support person
SELECT c.support_rep_id, COUNT(DISTINCT c.customer_id) AS customers, SUM(i.total) AS revenue FROM customer c LEFT JOIN invoice i ON i.customer_id = c.customer_id GROUP BY c.support_rep_id ORDER BY revenue DESC

--- playlist_sizes: playlists with number of tracks
select p.playlist_id, p.name, count(pt.track_id) as tracks, coalesce(sum(t.unit_price), 0) as price from playlist p left join playlist_track pt on pt.playlist_id = p.playlist_id left join track t on t.track_id = pt.track_id group by p.playlist_id, p.name order by tracks desc, p.playlist_id

--- tracks_in_many_playlists: tracks on most playlists
SELECT t.name, COUNT(DISTINCT pt.playlist_id) AS playlists FROM track t JOIN playlist_track pt USING (track_id) GROUP BY t.track_id, t.name HAVING COUNT(DISTINCT pt.playlist_id) >= 5 ORDER BY t.name

--- relational_division: customers who bought all of three genres
SELECT c.customer_id FROM customer c JOIN invoice i ON i.customer_id = c.customer_id JOIN invoice_line il ON il.invoice_id = i.invoice_id JOIN track t ON t.track_id = il.track_id JOIN genre g ON g.genre_id = t.genre_id WHERE g.name IN ('Rock', 'Jazz', 'Metal') GROUP BY c.customer_id HAVING COUNT(DISTINCT g.name) = 3 ORDER BY c.customer_id

--- double_not_exists: artists all of whose albums were sold
SELECT ar.name FROM artist ar WHERE EXISTS (SELECT 1 FROM album al WHERE al.artist_id = ar.artist_id) AND NOT EXISTS (SELECT 1 FROM album al WHERE al.artist_id = ar.artist_id AND NOT EXISTS (SELECT 1 FROM track t JOIN invoice_line il ON il.track_id = t.track_id WHERE t.album_id = al.album_id)) ORDER BY ar.name LIMIT 30

--- favourite_genre: favourite genre of each country
WITH counts AS (SELECT i.billing_country AS country, g.name AS genre, COUNT(*) AS n FROM invoice i JOIN invoice_line il ON il.invoice_id = i.invoice_id JOIN track t ON t.track_id = il.track_id JOIN genre g ON g.genre_id = t.genre_id GROUP BY i.billing_country, g.name) SELECT country, genre, n FROM (SELECT country, genre, n, RANK() OVER (PARTITION BY country ORDER BY n DESC) AS place FROM counts) r WHERE place = 1 ORDER BY country, genre

--- gaps_between_sales: longest gap between two invoices
SELECT MAX(gap) AS longest_gap FROM (SELECT CAST(invoice_date AS date) - CAST(LAG(invoice_date) OVER (ORDER BY invoice_date, invoice_id) AS date) AS gap FROM invoice) g

--- day_bucket: sales per day
select invoice_date::date as day, count(*) as invoices, sum(total) as revenue from invoice group by invoice_date::date order by revenue desc, day limit 10

--- new_customers: new customers per year
SELECT first_year, COUNT(*) AS new_customers FROM (SELECT "customer_id", MIN(EXTRACT(YEAR FROM "invoice_date")) AS first_year FROM "invoice" GROUP BY "customer_id") f GROUP BY first_year ORDER BY first_year

--- churned: customers without a purchase after June 2025
SELECT c.first_name, c.last_name, MAX(i.invoice_date) AS last_purchase FROM customer c JOIN invoice i ON i.customer_id = c.customer_id GROUP BY c.customer_id, c.first_name, c.last_name HAVING MAX(i.invoice_date) < DATE '2025-06-01' ORDER BY last_purchase, c.last_name

--- compare_two_years: two years side by side
SELECT billing_country, SUM(CASE WHEN EXTRACT(YEAR FROM invoice_date) = 2024 THEN total ELSE 0 END) AS y2024, SUM(CASE WHEN EXTRACT(YEAR FROM invoice_date) = 2025 THEN total ELSE 0 END) AS y2025 FROM invoice GROUP BY billing_country HAVING SUM(CASE WHEN EXTRACT(YEAR FROM invoice_date) = 2025 THEN total ELSE 0 END) > 0 ORDER BY y2025 DESC, billing_country

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
select title from album where title like '%''%' order by album_id

--- string_unicode: text beyond ASCII
SELECT customer_id, first_name FROM customer WHERE city = 'São Paulo' OR first_name = 'François' ORDER BY customer_id

--- string_looks_bad: a text that looks like a statement
SELECT COUNT(*) AS n FROM track WHERE name = 'DROP TABLE Track' OR name LIKE '%select%from employee%'

--- string_looks_comment: a text that looks like a comment
SELECT COUNT(*) AS n FROM album WHERE title LIKE '%--%' OR title = '/* remix */'

--- string_semicolon: a text with a semicolon
SELECT COUNT(*) AS n FROM "track" WHERE "composer" LIKE '%;%'

--- empty_result: no rows
SELECT invoice_id, total FROM invoice WHERE total < 0

--- contradiction: condition that is never true
select album_id from album where 1 = 0

--- limit_one: a single row
SELECT name, milliseconds FROM track ORDER BY milliseconds DESC LIMIT 1

--- deep_parentheses: more brackets than needed
SELECT ((((total)))) AS total FROM invoice WHERE (((invoice_id = 1) OR ((invoice_id = 2)))) ORDER BY (invoice_id)

--- parenthesized_union: bracketed parts of a union
SELECT * FROM (SELECT genre_id AS id, name FROM genre WHERE genre_id < 4) a UNION ALL SELECT * FROM (SELECT media_type_id, name FROM media_type) b ORDER BY name

--- price_change: tracks sold at another price than listed
SELECT t.track_id, t.unit_price AS listed, il.unit_price AS sold FROM track t JOIN invoice_line il ON il.track_id = t.track_id AND il.unit_price <> t.unit_price ORDER BY t.track_id

--- composer_top: composers with most tracks
SELECT composer, COUNT(*) AS tracks, SUM(bytes) / 1048576 AS megabytes FROM track WHERE composer IS NOT NULL AND composer <> '' GROUP BY composer ORDER BY tracks DESC, composer LIMIT 10

--- album_price: full price of an album
select al.title, ar.name, count(t.track_id) as tracks, sum(t.unit_price) as price from album al join artist ar on ar.artist_id = al.artist_id join track t on t.album_id = al.album_id where ar.name like 'A%' group by al.album_id, al.title, ar.name order by price desc, al.album_id

--- average_tracks_per_album: average of a count
SELECT AVG(n * 1.0) AS average_tracks, MIN(n) AS fewest, MAX(n) AS most FROM (SELECT "album_id", COUNT(*) AS n FROM "track" GROUP BY "album_id") per_album

--- customers_above_country_average: above the average of one's country
SELECT s.customer_id, s.country, s.spent FROM (SELECT c.customer_id, c.country, SUM(i.total) AS spent, AVG(SUM(i.total)) OVER (PARTITION BY c.country) AS country_average FROM customer c JOIN invoice i ON i.customer_id = c.customer_id GROUP BY c.customer_id, c.country) s WHERE s.spent > s.country_average ORDER BY s.country, s.customer_id

--- count_over: rows with the number of all rows
SELECT name, COUNT(*) OVER () AS all_genres FROM genre ORDER BY name LIMIT 5

--- month_of_year: seasonality over all years
SELECT EXTRACT(MONTH FROM invoice_date) AS month_number, AVG(total) AS average_invoice, COUNT(*) AS invoices FROM invoice GROUP BY EXTRACT(MONTH FROM invoice_date) ORDER BY month_number

--- islands: runs of months with rising revenue
WITH monthly AS (SELECT to_char(invoice_date, 'YYYY-MM') AS ym, SUM(total) AS revenue FROM invoice GROUP BY to_char(invoice_date, 'YYYY-MM')), marked AS (SELECT ym, revenue, CASE WHEN revenue > LAG(revenue) OVER (ORDER BY ym) THEN 0 ELSE 1 END AS starts FROM monthly), grouped AS (SELECT ym, revenue, SUM(starts) OVER (ORDER BY ym) AS run FROM marked) SELECT run, MIN(ym) AS from_month, MAX(ym) AS to_month, COUNT(*) AS months FROM grouped GROUP BY run HAVING COUNT(*) > 1 ORDER BY months DESC, run

--- first_purchase_genre: genre of the first purchase
with bought as (select i.customer_id, g.name as genre, row_number() over (partition by i.customer_id order by i.invoice_date, il.invoice_line_id) as n from invoice i join invoice_line il on il.invoice_id = i.invoice_id join track t on t.track_id = il.track_id join genre g on g.genre_id = t.genre_id) select genre, count(*) as customers from bought where n = 1 group by genre order by customers desc, genre

--- difference_to_best: distance to the best country
SELECT country, revenue, MAX(revenue) OVER () - revenue AS behind FROM (SELECT billing_country AS country, SUM(total) AS revenue FROM invoice GROUP BY billing_country) r ORDER BY behind, country

--- window_in_order: window function in order by
SELECT billing_country, total FROM invoice WHERE total > 15 ORDER BY COUNT(*) OVER (PARTITION BY billing_country) DESC, billing_country, invoice_id

--- subquery_in_case: subquery inside a case
SELECT c.customer_id, CASE WHEN EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = c.customer_id AND i.total > 20) THEN 'yes' ELSE 'no' END AS ever_large FROM customer c ORDER BY c.customer_id

--- subquery_in_join: subquery inside a join condition
SELECT al."title" FROM "album" al JOIN "track" t ON t."album_id" = al."album_id" AND t."milliseconds" = (SELECT MAX(t2."milliseconds") FROM "track" t2)

--- subquery_from_limit: limit inside a derived table
SELECT SUM(total) AS sum_of_best FROM (SELECT total FROM invoice ORDER BY total DESC LIMIT 10) best

--- values_derived: customers in sales regions
select r.region, count(*) as customers from customer c join (select 'USA' as country, 'America' as region union all select 'Canada', 'America' union all select 'Brazil', 'America' union all select 'Germany', 'Europe' union all select 'France', 'Europe') r on r.country = c.country group by r.region order by r.region

--- boolean_sum: share of invoices over five
SELECT ROUND(AVG(CASE WHEN total > 5 THEN 1.0 ELSE 0.0 END), 3) AS share FROM invoice

--- eight_table_join: everything about one invoice
SELECT i.invoice_id, c.last_name, t.name AS track, al.title, ar.name AS artist, g.name AS genre, m.name AS media FROM invoice i JOIN customer c ON c.customer_id = i.customer_id JOIN invoice_line il ON il.invoice_id = i.invoice_id JOIN track t ON t.track_id = il.track_id JOIN album al ON al.album_id = t.album_id JOIN artist ar ON ar.artist_id = al.artist_id JOIN genre g ON g.genre_id = t.genre_id JOIN media_type m ON m.media_type_id = t.media_type_id WHERE i.invoice_id = 5 ORDER BY il.invoice_line_id

--- linear_trend: slope of revenue over the years
SELECT (COUNT(*) * SUM(x * y) - SUM(x) * SUM(y)) / (COUNT(*) * SUM(x * x) - SUM(x) * SUM(x)) AS slope FROM (SELECT EXTRACT(YEAR FROM invoice_date) - 2020 AS x, SUM(total) AS y FROM invoice GROUP BY EXTRACT(YEAR FROM invoice_date)) p

--- greatest_share: largest customer of each country and its share
WITH s AS (SELECT c.country AS country, c.customer_id, SUM(i.total) AS spent FROM customer c JOIN invoice i ON i.customer_id = c.customer_id GROUP BY c.country, c.customer_id) SELECT country, MAX(spent) AS largest, SUM(spent) AS everything, ROUND(MAX(spent) / SUM(spent) * 100, 1) AS share FROM s GROUP BY country HAVING COUNT(*) > 1 ORDER BY share DESC, country

--- shadow_in_inner_scope: a name that means two things in two scopes
SELECT g.name, (WITH genre AS (SELECT COUNT(*) AS n FROM track) SELECT n FROM genre) AS all_tracks FROM genre g ORDER BY g.genre_id

--- distinct_two_counts: two distinct counts
select billing_country, count(distinct customer_id) as customers, count(distinct billing_city) as cities from invoice group by billing_country order by customers desc, billing_country

--- having_alias_free: having on something not selected
SELECT "billing_city" FROM "invoice" GROUP BY "billing_city" HAVING MAX("total") > 20 ORDER BY "billing_city"

--- group_expression: group by an expression
SELECT CASE WHEN milliseconds < 180000 THEN 'short' WHEN milliseconds < 360000 THEN 'medium' ELSE 'long' END AS length, COUNT(*) AS n FROM track GROUP BY CASE WHEN milliseconds < 180000 THEN 'short' WHEN milliseconds < 360000 THEN 'medium' ELSE 'long' END ORDER BY n DESC

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
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE invoice_date >= DATE '2021-01-01' AND invoice_date <= DATE '2021-12-31' GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 1

--- param_year_2: best country of one year
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE invoice_date >= DATE '2022-01-01' AND invoice_date <= DATE '2022-12-31' GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 1

--- param_year_3: best country of one year
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE invoice_date >= DATE '2023-01-01' AND invoice_date <= DATE '2023-12-31' GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 1

--- param_year_4: best country of one year
SELECT billing_country, SUM(total) AS revenue FROM invoice WHERE invoice_date >= DATE '2025-01-01' AND invoice_date <= DATE '2025-12-31' GROUP BY billing_country ORDER BY revenue DESC, billing_country LIMIT 1

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
select billing_state, sum(total) as measure from invoice where billing_state is not null group by billing_state order by measure desc, billing_state

--- param_measure_2: one measure by state
select billing_state, avg(total) as measure from invoice where billing_state is not null group by billing_state order by measure desc, billing_state

--- param_measure_3: one measure by state
select billing_state, max(total) as measure from invoice where billing_state is not null group by billing_state order by measure desc, billing_state

--- param_measure_4: one measure by state
select billing_state, min(total) as measure from invoice where billing_state is not null group by billing_state order by measure desc, billing_state

--- param_measure_5: one measure by state
select billing_state, count(*) as measure from invoice where billing_state is not null group by billing_state order by measure desc, billing_state

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
    WHERE i.invoice_date >= DATE '2022-01-01'
      AND i.invoice_date < DATE '2025-01-01'
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

--- pg_date_trunc_quarter: revenue per quarter
SELECT date_trunc('quarter', invoice_date) AS quarter, SUM(total) AS revenue FROM invoice GROUP BY 1 ORDER BY 1

--- pg_date_trunc_cast: month as a date
SELECT date_trunc('month', i.invoice_date)::date AS month, COUNT(*) AS invoices FROM invoice i GROUP BY date_trunc('month', i.invoice_date)::date ORDER BY month

--- pg_extract_dow: sales by day of the week
SELECT EXTRACT(DOW FROM invoice_date) AS weekday, COUNT(*) AS n, SUM(total) AS revenue FROM invoice GROUP BY EXTRACT(DOW FROM invoice_date) ORDER BY weekday

--- pg_extract_week: sales by ISO week
SELECT EXTRACT(ISOYEAR FROM invoice_date) AS y, EXTRACT(WEEK FROM invoice_date) AS w, SUM(total) AS revenue FROM invoice GROUP BY 1, 2 ORDER BY 1, 2

--- pg_date_part: date_part
SELECT date_part('year', invoice_date) AS y, date_part('quarter', invoice_date) AS q, SUM(total) FROM invoice GROUP BY y, q ORDER BY y, q

--- pg_extract_epoch: seconds between first and last sale
SELECT EXTRACT(EPOCH FROM MAX(invoice_date) - MIN(invoice_date)) / 86400 AS days FROM invoice

--- pg_to_char_day: name of the day
SELECT to_char(invoice_date, 'Day') AS weekday, to_char(invoice_date, 'ID') AS day_number, COUNT(*) AS n FROM invoice GROUP BY 1, 2 ORDER BY 2

--- pg_to_char_money: formatted numbers
SELECT billing_country, to_char(SUM(total), 'FM999,999.00') AS revenue FROM invoice GROUP BY billing_country ORDER BY SUM(total) DESC, billing_country LIMIT 5

--- pg_interval_add: thirty days after the first purchase
SELECT i.customer_id, SUM(i.total) AS first_thirty_days FROM invoice i JOIN (SELECT customer_id, MIN(invoice_date) AS first_date FROM invoice GROUP BY customer_id) f USING (customer_id) WHERE i.invoice_date < f.first_date + INTERVAL '30 days' GROUP BY i.customer_id ORDER BY i.customer_id

--- pg_interval_minus: last three months of the data
SELECT SUM(total) AS revenue FROM invoice WHERE invoice_date >= (SELECT MAX(invoice_date) FROM invoice) - INTERVAL '3 months'

--- pg_interval_cast: interval by cast
SELECT COUNT(*) FROM invoice WHERE invoice_date >= TIMESTAMP '2024-01-01' AND invoice_date < TIMESTAMP '2024-01-01' + '1 month'::interval

--- pg_interval_unit: interval with a unit
SELECT COUNT(*) FROM invoice WHERE invoice_date BETWEEN DATE '2022-02-01' AND DATE '2022-02-01' + INTERVAL '1' MONTH

--- pg_current_date: invoices until today
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date < CURRENT_DATE

--- pg_now: invoices older than a week
SELECT COUNT(*) AS n FROM invoice WHERE invoice_date < now() - interval '7 days'

--- pg_age: time between purchases
SELECT customer_id, age(MAX(invoice_date), MIN(invoice_date)) AS customer_for FROM invoice GROUP BY customer_id ORDER BY customer_id LIMIT 10

--- pg_make_date: make_date
SELECT COUNT(*) FROM invoice WHERE invoice_date >= make_date(2023, 7, 1)

--- pg_to_date: text to date
SELECT COUNT(*) FROM invoice WHERE invoice_date >= to_date('01.07.2023', 'DD.MM.YYYY')

--- pg_generate_series_months: calendar of months with sales
SELECT m.month, COALESCE(SUM(i.total), 0) AS revenue FROM generate_series(DATE '2024-01-01', DATE '2024-12-01', INTERVAL '1 month') AS m(month) LEFT JOIN invoice i ON date_trunc('month', i.invoice_date) = m.month GROUP BY m.month ORDER BY m.month

--- pg_generate_series_numbers: one to twelve
SELECT n, (SELECT SUM(total) FROM invoice WHERE EXTRACT(MONTH FROM invoice_date) = n) AS revenue FROM generate_series(1, 12) AS n ORDER BY n

--- pg_generate_series_cte: empty months found by a left join
WITH months AS (SELECT generate_series('2021-01-01'::timestamp, '2025-12-01'::timestamp, '1 month'::interval) AS month) SELECT months.month FROM months LEFT JOIN invoice i ON date_trunc('month', i.invoice_date) = months.month WHERE i.invoice_id IS NULL ORDER BY 1

--- pg_recursive_dates: calendar by recursion
WITH RECURSIVE calendar AS (SELECT DATE '2025-01-01' AS day UNION ALL SELECT (day + 1)::date FROM calendar WHERE day < DATE '2025-01-31') SELECT c.day, COUNT(i.invoice_id) AS n FROM calendar c LEFT JOIN invoice i ON i.invoice_date::date = c.day GROUP BY c.day ORDER BY c.day

--- pg_distinct_on: latest invoice of each customer
SELECT DISTINCT ON (customer_id) customer_id, invoice_id, invoice_date, total FROM invoice ORDER BY customer_id, invoice_date DESC

--- pg_distinct_on_two: dearest track of each album
SELECT DISTINCT ON (al.artist_id, al.album_id) al.title, t.name, t.milliseconds FROM album al JOIN track t USING (album_id) ORDER BY al.artist_id, al.album_id, t.milliseconds DESC LIMIT 25

--- pg_rollup: subtotals by rollup
SELECT billing_country, billing_city, SUM(total) AS revenue FROM invoice WHERE billing_country IN ('USA', 'Canada') GROUP BY ROLLUP (billing_country, billing_city) ORDER BY billing_country NULLS LAST, billing_city NULLS LAST

--- pg_cube: cube of year and country
SELECT EXTRACT(YEAR FROM invoice_date) AS y, billing_country, SUM(total) FROM invoice WHERE billing_country IN ('France', 'Germany') GROUP BY CUBE (EXTRACT(YEAR FROM invoice_date), billing_country) ORDER BY 1 NULLS LAST, 2 NULLS LAST

--- pg_grouping_sets: grouping sets
SELECT g.name AS genre, m.name AS media_type, COUNT(*) AS n FROM track t JOIN genre g ON g.genre_id = t.genre_id JOIN media_type m ON m.media_type_id = t.media_type_id GROUP BY GROUPING SETS ((g.name, m.name), (g.name), ()) ORDER BY genre NULLS LAST, media_type NULLS LAST

--- pg_grouping: grouping function
SELECT CASE WHEN GROUPING(billing_country) = 1 THEN 'all' ELSE billing_country END AS country, SUM(total) AS revenue FROM invoice GROUP BY ROLLUP (billing_country) ORDER BY GROUPING(billing_country), country

--- pg_percentile_cont: median invoice
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY total) AS median FROM invoice

--- pg_percentile_array: three quartiles
SELECT billing_country, percentile_cont(ARRAY[0.25, 0.5, 0.75]) WITHIN GROUP (ORDER BY total) AS quartiles FROM invoice GROUP BY billing_country ORDER BY billing_country

--- pg_percentile_disc: discrete percentile per genre
SELECT g.name, percentile_disc(0.9) WITHIN GROUP (ORDER BY t.milliseconds) AS p90 FROM track t JOIN genre g USING (genre_id) GROUP BY g.name ORDER BY p90 DESC, g.name

--- pg_mode: most frequent price
SELECT mode() WITHIN GROUP (ORDER BY unit_price) AS usual_price FROM track

--- pg_stddev: spread of invoices
SELECT billing_country, ROUND(STDDEV(total), 2) AS deviation, ROUND(VARIANCE(total), 2) AS variance FROM invoice GROUP BY billing_country HAVING COUNT(*) > 5 ORDER BY deviation DESC, billing_country

--- pg_stddev_pop: deviation of the population
SELECT stddev_pop(total) AS deviation, var_samp(total) AS variance FROM invoice

--- pg_corr: correlation of length and size
SELECT corr(milliseconds, bytes) AS correlation, covar_pop(milliseconds, bytes) AS covariance FROM track

--- pg_regression: regression over months
SELECT regr_slope(revenue, x) AS slope, regr_intercept(revenue, x) AS intercept, regr_r2(revenue, x) AS fit FROM (SELECT row_number() OVER (ORDER BY date_trunc('month', invoice_date)) AS x, SUM(total) AS revenue FROM invoice GROUP BY date_trunc('month', invoice_date)) m

--- pg_width_bucket: histogram
SELECT width_bucket(total, 0, 30, 6) AS bucket, COUNT(*) AS n, MIN(total) AS from_total, MAX(total) AS to_total FROM invoice GROUP BY bucket ORDER BY bucket

--- pg_string_agg_distinct: distinct list
SELECT billing_country, string_agg(DISTINCT billing_city, ', ' ORDER BY billing_city) AS cities FROM invoice GROUP BY billing_country ORDER BY billing_country

--- pg_array_agg: list as an array
SELECT ar.name, array_agg(al.title ORDER BY al.title) AS albums FROM artist ar JOIN album al USING (artist_id) GROUP BY ar.artist_id, ar.name HAVING COUNT(*) >= 5 ORDER BY ar.name

--- pg_array_length: cardinality of an array
SELECT c.customer_id, cardinality(array_agg(DISTINCT t.genre_id)) AS genres FROM customer c JOIN invoice i USING (customer_id) JOIN invoice_line il USING (invoice_id) JOIN track t USING (track_id) GROUP BY c.customer_id ORDER BY genres DESC, c.customer_id LIMIT 10

--- pg_any_array: equal to any of an array
SELECT first_name, last_name FROM customer WHERE country = ANY (ARRAY['USA', 'Chile', 'India']) ORDER BY customer_id

--- pg_any_array_literal: any of an array literal
SELECT name FROM genre WHERE genre_id = ANY ('{1,2,3}'::int[]) ORDER BY genre_id

--- pg_ilike: ilike
SELECT name FROM track WHERE name ILIKE '%LOVE%' ORDER BY name

--- pg_not_ilike: not ilike
SELECT COUNT(*) FROM customer WHERE email NOT ILIKE '%.com'

--- pg_regex: regular expression
SELECT name FROM artist WHERE name ~ '^[A-C].*s$' ORDER BY name

--- pg_regex_insensitive: regular expression without case
SELECT COUNT(*) FROM track WHERE name ~* 'remix|live' AND name !~ '^Live'

--- pg_similar_to: similar to
SELECT name FROM artist WHERE name SIMILAR TO '(The|Los) %' ORDER BY name

--- pg_regexp_replace: digits only
SELECT customer_id, regexp_replace(phone, '[^0-9]', '', 'g') AS digits FROM customer ORDER BY customer_id

--- pg_regexp_match: part found by a pattern
SELECT (regexp_match(email, '@(.*)$'))[1] AS domain, COUNT(*) FROM customer GROUP BY 1 ORDER BY 2 DESC, 1

--- pg_split_part: domain of mail addresses
SELECT split_part(email, '@', 2) AS domain, COUNT(*) AS n FROM customer GROUP BY split_part(email, '@', 2) ORDER BY n DESC, domain

--- pg_substring_from: substring from for
SELECT substring(name FROM 1 FOR 1) AS letter, COUNT(*) AS artists FROM artist GROUP BY 1 ORDER BY 2 DESC, 1

--- pg_position_in: position in
SELECT email, position('@' IN email) AS at FROM customer ORDER BY customer_id LIMIT 5

--- pg_overlay_trim: trim both
SELECT trim(BOTH ' ' FROM company) AS company, trim(LEADING '+' FROM phone) AS phone FROM customer WHERE company IS NOT NULL ORDER BY customer_id

--- pg_left_right: left and right
SELECT left(last_name, 3) AS beginning, right(postal_code, 2) AS ending FROM customer ORDER BY customer_id LIMIT 10

--- pg_initcap_concat: concat functions
SELECT concat(first_name, ' ', last_name) AS full_name, concat_ws(', ', city, state, country) AS place, initcap(lower(city)) AS city FROM customer ORDER BY customer_id

--- pg_lpad: padded number
SELECT lpad(invoice_id::text, 6, '0') AS number, total FROM invoice ORDER BY invoice_id LIMIT 5

--- pg_format: format
SELECT format('%s (%s)', billing_city, billing_country) AS place, SUM(total) FROM invoice GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10

--- pg_char_length: character length
SELECT title, char_length(title) AS characters, length(title) AS same FROM album ORDER BY characters DESC, title LIMIT 5

--- pg_reverse_ascii: reverse and ascii
SELECT name, reverse(name) AS reversed, ascii(name) AS first_code FROM genre ORDER BY name

--- pg_md5: hash of a mail address
SELECT md5(email) AS anonymous, country FROM customer ORDER BY customer_id LIMIT 5

--- pg_greatest_least: greatest and least
SELECT invoice_id, GREATEST(total, 5) AS at_least, LEAST(total, 10) AS at_most FROM invoice ORDER BY invoice_id LIMIT 20

--- pg_cast_colons: casts with colons
SELECT total::int AS whole, total::float8 AS float, total::text AS words, '5'::numeric + 1 AS six FROM invoice ORDER BY invoice_id LIMIT 5

--- pg_cast_numeric_round: round a double
SELECT ROUND((AVG(milliseconds) / 1000.0)::numeric, 1) AS seconds FROM track

--- pg_integer_division: integer division and remainder
SELECT milliseconds / 60000 AS minutes, milliseconds % 60000 / 1000 AS seconds, COUNT(*) FROM track GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 10

--- pg_math: mathematics
SELECT sqrt(SUM(power(total - 5, 2))) AS root, ln(SUM(total)) AS logarithm, exp(1) AS e, ceil(AVG(total)) AS up, floor(AVG(total)) AS down, trunc(AVG(total), 1) AS cut FROM invoice

--- pg_mod_sign: mod and sign
SELECT mod(invoice_id, 7) AS group_number, sign(SUM(total) - 300) AS side FROM invoice GROUP BY 1 ORDER BY 1

--- pg_lateral: last two invoices of each customer
SELECT c.customer_id, c.last_name, x.invoice_id, x.total FROM customer c CROSS JOIN LATERAL (SELECT i.invoice_id, i.total FROM invoice i WHERE i.customer_id = c.customer_id ORDER BY i.invoice_date DESC LIMIT 2) x ORDER BY c.customer_id, x.invoice_id

--- pg_left_lateral: left join lateral
SELECT ar.name, best.title FROM artist ar LEFT JOIN LATERAL (SELECT al.title FROM album al WHERE al.artist_id = ar.artist_id ORDER BY al.title LIMIT 1) AS best ON TRUE ORDER BY ar.name LIMIT 20

--- pg_lateral_comma: lateral after a comma
SELECT g.name, top.name AS track FROM genre g, LATERAL (SELECT t.name FROM track t WHERE t.genre_id = g.genre_id ORDER BY t.milliseconds DESC, t.track_id LIMIT 1) top ORDER BY g.name

--- pg_values: values as a derived table
SELECT r.region, SUM(i.total) AS revenue FROM invoice i JOIN (VALUES ('USA', 'America'), ('Canada', 'America'), ('France', 'Europe'), ('Germany', 'Europe')) AS r(country, region) ON r.country = i.billing_country GROUP BY r.region ORDER BY r.region

--- pg_values_statement: values as a statement
VALUES (1, 'one'), (2, 'two'), (3, 'three')

--- pg_values_cte: values in an expression
WITH bands (label, low, high) AS (VALUES ('low', 0, 2), ('middle', 2, 10), ('high', 10, 100)) SELECT b.label, COUNT(i.invoice_id) AS n FROM bands b LEFT JOIN invoice i ON i.total >= b.low AND i.total < b.high GROUP BY b.label, b.low ORDER BY b.low

--- pg_fetch_first: fetch first
SELECT name FROM track ORDER BY milliseconds DESC, track_id FETCH FIRST 5 ROWS ONLY

--- pg_offset_fetch: offset and fetch next
SELECT name FROM track ORDER BY track_id OFFSET 10 ROWS FETCH NEXT 5 ROWS ONLY

--- pg_fetch_with_ties: fetch with ties
SELECT invoice_id, total FROM invoice ORDER BY total DESC FETCH FIRST 3 ROWS WITH TIES

--- pg_intersect_all: intersect all
SELECT country FROM customer INTERSECT ALL SELECT billing_country FROM invoice ORDER BY 1

--- pg_except_all: except all
SELECT billing_country FROM invoice EXCEPT ALL SELECT country FROM customer ORDER BY 1 LIMIT 20

--- pg_bracketed_sets: bracketed set operations
(SELECT name FROM genre ORDER BY name LIMIT 3) UNION ALL (SELECT name FROM media_type ORDER BY name LIMIT 3) ORDER BY 1

--- pg_nested_sets: nested set operations
SELECT country FROM customer EXCEPT (SELECT billing_country FROM invoice WHERE total > 15 UNION SELECT 'Chile') ORDER BY country

--- pg_is_distinct: is distinct from
SELECT COUNT(*) FROM customer WHERE state IS DISTINCT FROM 'CA'

--- pg_boolean_is: is true
SELECT COUNT(*) FROM invoice WHERE (total > 10) IS TRUE

--- pg_bool_aggregates: bool_and and bool_or
SELECT customer_id, bool_or(total > 20) AS ever_large, bool_and(total > 0.5) AS always_some, every(total < 100) AS never_huge FROM invoice GROUP BY customer_id ORDER BY customer_id

--- pg_filter_many: several filters
SELECT EXTRACT(YEAR FROM invoice_date) AS y, COUNT(*) FILTER (WHERE billing_country = 'USA') AS usa, COUNT(*) FILTER (WHERE billing_country <> 'USA') AS elsewhere, ROUND(AVG(total) FILTER (WHERE total > 1), 2) AS average FROM invoice GROUP BY 1 ORDER BY 1

--- pg_window_filter: running count of large invoices
SELECT invoice_id, COUNT(*) FILTER (WHERE total > 10) OVER (ORDER BY invoice_id) AS large_so_far FROM invoice ORDER BY invoice_id

--- pg_range_interval: frame by interval
SELECT invoice_date, SUM(total) OVER (ORDER BY invoice_date RANGE BETWEEN INTERVAL '30 days' PRECEDING AND CURRENT ROW) AS last_thirty_days FROM invoice ORDER BY invoice_date, invoice_id

--- pg_groups_exclude: groups with exclude ties
SELECT invoice_id, AVG(total) OVER (ORDER BY total GROUPS BETWEEN 2 PRECEDING AND 2 FOLLOWING EXCLUDE TIES) AS near FROM invoice ORDER BY invoice_id

--- pg_window_inherit: a window made from another
SELECT invoice_id, SUM(total) OVER (w ORDER BY invoice_id) AS running, MAX(total) OVER w AS largest FROM invoice WINDOW w AS (PARTITION BY billing_country) ORDER BY billing_country, invoice_id

--- pg_lag_default: lag with offset and default
SELECT date_trunc('month', invoice_date) AS m, SUM(total) AS revenue, LAG(SUM(total), 1, 0::numeric) OVER (ORDER BY date_trunc('month', invoice_date)) AS month_before FROM invoice GROUP BY 1 ORDER BY 1

--- pg_json_build: rows as json
SELECT json_build_object('id', genre_id, 'name', name) AS genre FROM genre ORDER BY genre_id

--- pg_jsonb_agg: json list of names
SELECT jsonb_agg(name ORDER BY name) AS names FROM media_type

--- pg_json_arrow: value out of a json literal
SELECT SUM(total) * ('{"rate": 0.19}'::jsonb ->> 'rate')::numeric AS tax FROM invoice

--- pg_json_object_agg: json object of a group
SELECT jsonb_object_agg(name, genre_id) AS ids FROM genre

--- pg_materialized: materialized expression
WITH spent AS MATERIALIZED (SELECT customer_id, SUM(total) AS amount FROM invoice GROUP BY customer_id) SELECT COUNT(*) FROM spent a JOIN spent b ON a.amount > b.amount

--- pg_quoted_alias_case: aliases in mixed case
SELECT billing_country AS "Country", SUM(total) AS "totalRevenue" FROM invoice GROUP BY billing_country ORDER BY "totalRevenue" DESC, "Country"

--- pg_quoted_dotted: quoted names with a qualifier
SELECT "i"."billing_city" FROM "invoice" AS "i" WHERE "i"."total" > 20 ORDER BY "i"."invoice_id"

--- pg_upper_unquoted: unquoted capitals
SELECT ALBUM.TITLE FROM ALBUM WHERE ALBUM.ARTIST_ID = 1 ORDER BY ALBUM.ALBUM_ID

--- pg_escape_string: escape string
SELECT COUNT(*) FROM track WHERE name LIKE E'%\'%'

--- pg_dollar_free_literal: date literal in another form
SELECT COUNT(*) FROM invoice WHERE invoice_date >= '2024-01-01'::date AND invoice_date < '2025-01-01'::date

--- pg_row_compare: comparison of rows
SELECT last_name, first_name FROM customer WHERE (last_name, first_name) > ('Harris', 'Frank') ORDER BY last_name, first_name LIMIT 5

--- pg_not_exists_lateral: customers who bought in every year
SELECT c.customer_id FROM customer c WHERE NOT EXISTS (SELECT 1 FROM generate_series(2021, 2024) AS y(year) WHERE NOT EXISTS (SELECT 1 FROM invoice i WHERE i.customer_id = c.customer_id AND EXTRACT(YEAR FROM i.invoice_date) = y.year)) ORDER BY c.customer_id

--- pg_cohort_months: cohorts by month
WITH firsts AS (SELECT customer_id, date_trunc('month', MIN(invoice_date)) AS cohort FROM invoice GROUP BY customer_id), activity AS (SELECT f.cohort, i.customer_id, (EXTRACT(YEAR FROM i.invoice_date) - EXTRACT(YEAR FROM f.cohort)) * 12 + EXTRACT(MONTH FROM i.invoice_date) - EXTRACT(MONTH FROM f.cohort) AS month_number FROM invoice i JOIN firsts f USING (customer_id)) SELECT cohort::date, month_number, COUNT(DISTINCT customer_id) AS customers FROM activity GROUP BY cohort, month_number ORDER BY cohort, month_number

--- pg_quintiles: quintiles of customers with their revenue
SELECT quintile, COUNT(*) AS customers, SUM(spent) AS revenue, ROUND(100 * SUM(spent) / SUM(SUM(spent)) OVER (), 1) AS percent FROM (SELECT customer_id, SUM(total) AS spent, ntile(5) OVER (ORDER BY SUM(total) DESC) AS quintile FROM invoice GROUP BY customer_id) q GROUP BY quintile ORDER BY quintile

--- pg_year_to_date: year to date
SELECT date_trunc('month', invoice_date)::date AS m, SUM(SUM(total)) OVER (PARTITION BY date_trunc('year', MIN(invoice_date)) ORDER BY date_trunc('month', invoice_date)) AS year_to_date FROM invoice GROUP BY date_trunc('month', invoice_date) ORDER BY m

--- pg_count_boolean_cast: boolean cast to a number
SELECT SUM((total > 10)::int) AS large, AVG((billing_country = 'USA')::int) AS share_usa FROM invoice

--- pg_string_to_array: words of titles
SELECT cardinality(string_to_array(title, ' ')) AS words, COUNT(*) AS albums FROM album GROUP BY 1 ORDER BY 1

--- pg_at_time_zone: time in another zone
SELECT MIN(invoice_date AT TIME ZONE 'UTC' AT TIME ZONE 'Europe/Berlin') AS first_sale FROM invoice

--- pg_coalesce_lateral_count: number formatted with a default
SELECT ar.name, COALESCE(n.albums, 0) AS albums FROM artist ar LEFT JOIN (SELECT artist_id, COUNT(*) AS albums FROM album GROUP BY artist_id) n ON n.artist_id = ar.artist_id ORDER BY albums DESC, ar.name LIMIT 12

--- pg_table_alias_columns: alias with column names
SELECT x.country, x.revenue FROM (SELECT billing_country, SUM(total) FROM invoice GROUP BY billing_country) AS x(country, revenue) WHERE x.revenue > 80 ORDER BY x.revenue DESC, x.country

--- pg_starts_with: starts_with
SELECT name FROM track WHERE starts_with(name, 'Black') ORDER BY name, track_id

--- pg_translate: translate
SELECT translate(phone, '()- ', '') AS phone FROM customer ORDER BY customer_id LIMIT 8

--- pg_window_ratio: ratio to report
SELECT g.name, COUNT(*) AS tracks, ROUND(COUNT(*)::numeric / SUM(COUNT(*)) OVER () * 100, 2) AS percent FROM track t JOIN genre g ON g.genre_id = t.genre_id GROUP BY g.name ORDER BY tracks DESC, g.name
