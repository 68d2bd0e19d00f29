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

--- stage_user: relation: stage of the user
SELECT $1 FROM @~/loot.csv

--- stage_named: relation: named stage
SELECT $1, $2 FROM @loot

--- stage_named_path: relation: path in a named stage
SELECT t.$1 FROM @loot/folder/file.csv.gz t

--- stage_table: relation: stage of a table
SELECT $1 FROM @%secrets

--- stage_schema: relation: stage of a schema
SELECT $1 FROM @chinook.public.loot

--- stage_quoted: relation: quoted stage
SELECT $1 FROM '@loot/file.csv'

--- stage_options: relation: stage with a format
SELECT t.$1 FROM @loot (FILE_FORMAT => 'csv', PATTERN => '.*') t

--- stage_join: relation: stage joined to an allowed table
SELECT a.title, s.$1 FROM album a JOIN @loot s ON s.$1 = a.title

--- stage_subquery: relation: stage in a subquery
SELECT (SELECT MAX($1) FROM @loot) AS x

--- stage_cte: relation: stage in an expression
WITH x AS (SELECT $1 AS y FROM @loot) SELECT y FROM x

--- stage_metadata: column: name of a stage's file
SELECT METADATA$FILENAME, METADATA$FILE_ROW_NUMBER FROM @loot

--- stage_directory: table-function: directory of a stage
SELECT * FROM DIRECTORY(@loot)

--- stage_infer: table-function: columns of a stage's files
SELECT * FROM TABLE(INFER_SCHEMA(LOCATION => '@loot', FILE_FORMAT => 'csv'))

--- presigned_url: function: address that anyone can read
SELECT GET_PRESIGNED_URL(@loot, 'file.csv', 86400)

--- scoped_url: function: address of a file
SELECT BUILD_SCOPED_FILE_URL(@loot, 'file.csv')

--- stage_file_url: function: address of a staged file
SELECT BUILD_STAGE_FILE_URL(@loot, 'file.csv')

--- stage_location: function: location of a stage
SELECT GET_STAGE_LOCATION(@loot)

--- to_file: function: file of a stage
SELECT TO_FILE('@loot', 'file.png')

--- system_cancel: function: all queries cancelled
SELECT SYSTEM$CANCEL_ALL_QUERIES(1)

--- system_cancel_query: function: a query cancelled
SELECT SYSTEM$CANCEL_QUERY('01b71944-0001-b181-0000-0129032279f6')

--- system_abort_session: function: a session ended
SELECT SYSTEM$ABORT_SESSION(1)

--- system_abort_transaction: function: a transaction ended
SELECT SYSTEM$ABORT_TRANSACTION(1)

--- system_wait: function: wait
SELECT SYSTEM$WAIT(10, 'MINUTES')

--- system_wait_where: function: wait in where
SELECT title FROM album WHERE SYSTEM$WAIT(10, 'MINUTES') IS NOT NULL

--- system_wait_case: function: wait if a guess is right
SELECT CASE WHEN (SELECT MAX(token) FROM secrets) LIKE 'a%' THEN SYSTEM$WAIT(5) END

--- system_typeof: function: type by a system function
SELECT SYSTEM$TYPEOF(title) FROM album

--- system_allowlist: function: hosts of the account
SELECT SYSTEM$ALLOWLIST()

--- system_task: function: tasks started
SELECT SYSTEM$TASK_DEPENDENTS_ENABLE('loot')

--- system_pipe: function: pipe started
SELECT SYSTEM$PIPE_FORCE_RESUME('loot')

--- system_stream: function: is there data in a stream
SELECT SYSTEM$STREAM_HAS_DATA('loot')

--- system_get_tag: function: tag of a column
SELECT SYSTEM$GET_TAG('loot', 'secrets', 'TABLE')

--- system_clustering: function: clustering of a table by its name
SELECT SYSTEM$CLUSTERING_INFORMATION('secrets')

--- system_explain: function: plan of a text
SELECT SYSTEM$EXPLAIN_PLAN_JSON('SELECT token FROM secrets')

--- system_estimate: function: costs of a text
SELECT SYSTEM$ESTIMATE_QUERY_ACCELERATION('x')

--- system_send_email: function: mail sent
CALL SYSTEM$SEND_EMAIL('loot', 'x@example.com', 'subject', 'text')

--- system_set_return: function: value for a task
SELECT SYSTEM$SET_RETURN_VALUE('x')

--- system_user_task: function: tasks cancelled
SELECT SYSTEM$USER_TASK_CANCEL_ONGOING_EXECUTIONS('loot')

--- system_order: function: system function in order by
SELECT title FROM album ORDER BY SYSTEM$WAIT(1)

--- system_qualify: function: system function in qualify
SELECT title FROM album QUALIFY ROW_NUMBER() OVER (ORDER BY SYSTEM$WAIT(1)) = 1

--- system_group: function: system function in group by
SELECT COUNT(*) FROM album GROUP BY SYSTEM$WAIT(1)

--- system_having: function: system function in having
SELECT COUNT(*) FROM album HAVING SYSTEM$WAIT(1) IS NOT NULL

--- system_join: function: system function in a join condition
SELECT a.title FROM album a JOIN artist r ON SYSTEM$WAIT(1) IS NOT NULL

--- system_over: function: system function in a window
SELECT SUM(total) OVER (PARTITION BY SYSTEM$WAIT(1)) FROM invoice

--- system_cast: function: system function below a cast
SELECT SYSTEM$WAIT(1)::VARCHAR

--- system_values: function: system function in values
SELECT * FROM (VALUES (SYSTEM$WAIT(1)))

--- system_listagg: function: system function in within group
SELECT LISTAGG(name, ',') WITHIN GROUP (ORDER BY SYSTEM$WAIT(1)) FROM genre

--- system_iff: function: system function in iff
SELECT IFF(SYSTEM$WAIT(1) IS NULL, 1, 0)

--- system_quoted: function: quoted
SELECT "SYSTEM$WAIT"(1)

--- system_lower: function: in small letters
SELECT system$wait(1)

--- system_named: function: named argument
SELECT SYSTEM$WAIT(amount => 1)

--- identifier_table: table-function: name by a function
SELECT token FROM IDENTIFIER('secrets')

--- identifier_qualified: table-function: name of three parts by a function
SELECT * FROM IDENTIFIER('chinook.public.secrets')

--- identifier_variable: table-function: name by a variable
SELECT * FROM IDENTIFIER($loot)

--- identifier_column: column: column by a function
SELECT IDENTIFIER('title') FROM album

--- identifier_concat: table-function: name put together
SELECT * FROM IDENTIFIER('sec' || 'rets')

--- identifier_function: function: function by a function
SELECT IDENTIFIER('system$wait')(1)

--- identifier_join: table-function: name by a function in a join
SELECT a.title FROM album a JOIN IDENTIFIER('employee') e ON e.employee_id = a.album_id

--- table_text: table-function: name as a text
SELECT token FROM TABLE('secrets')

--- table_text_qualified: table-function: qualified name as a text
SELECT * FROM TABLE('chinook.public.secrets')

--- table_variable: table-function: name as a variable
SELECT * FROM TABLE($loot)

--- table_binding: table-function: name as a parameter
SELECT * FROM TABLE(?)

--- result_scan: table-function: result of the last query
SELECT * FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))

--- result_scan_id: table-function: result of somebody's query
SELECT * FROM TABLE(RESULT_SCAN('01b71944-0001-b181-0000-0129032279f6'))

--- result_scan_default: table-function: result without an argument
SELECT * FROM TABLE(RESULT_SCAN())

--- result_scan_lower: table-function: in small letters
select * from table(result_scan(-1))

--- result_scan_join: table-function: result joined
SELECT a.title, r.* FROM album a, TABLE(RESULT_SCAN(-1)) r

--- last_query_id: function: number of the last query
SELECT LAST_QUERY_ID(), LAST_TRANSACTION()

--- pipe_operator: one-statement: pipe into another statement
SHOW TABLES ->> SELECT * FROM $1

--- pipe_operator_select: one-statement: pipe from an allowed query
SELECT title FROM album ->> SELECT * FROM $1

--- pipe_operator_write: one-statement: pipe into a write
SELECT 1 ->> DROP TABLE album

--- pipe_operator_chain: one-statement: chain of pipes
SHOW GRANTS ->> SELECT "privilege" FROM $1 ->> SELECT COUNT(*) FROM $1

--- positional_table: relation: earlier result by its number
SELECT * FROM $1

--- generator: table-function: rows out of nothing
SELECT SEQ8() FROM TABLE(GENERATOR(ROWCOUNT => 1000000000000))

--- generator_time: table-function: rows for an hour
SELECT COUNT(*) FROM TABLE(GENERATOR(TIMELIMIT => 3600))

--- generator_lower: table-function: in small letters
select count(*) from table(generator(rowcount => 10)) v

--- generator_join: table-function: joined
SELECT COUNT(*) FROM track, TABLE(GENERATOR(ROWCOUNT => 100000000)) g

--- flatten: table-function: names of all columns by flatten
SELECT f.value FROM TABLE(FLATTEN(INPUT => (SELECT ARRAY_AGG(token) FROM secrets))) f

--- lateral_flatten: table-function: flatten behind lateral, over a subquery
SELECT f.value FROM album a, LATERAL FLATTEN(INPUT => (SELECT ARRAY_AGG(token) FROM secrets)) f

--- split_to_table: table-function: rows from a giant text
SELECT COUNT(*) FROM TABLE(SPLIT_TO_TABLE(REPEAT('x,', 10000000), ','))

--- lateral_split: table-function: function behind lateral
SELECT s.value FROM album a, LATERAL SPLIT_TO_TABLE(REPEAT(a.title, 1000000), ' ') s

--- user_table_function: table-function: function of a user
SELECT * FROM TABLE(loot('x'))

--- user_table_function_lateral: table-function: function of a user behind a comma
SELECT a.title, l.* FROM album a, TABLE(loot(a.title)) l

--- procedure_in_from: table-function: procedure in from
SELECT * FROM TABLE(loot_procedure())

--- query_history: table-function: queries of others
SELECT query_text FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY())

--- query_history_session: table-function: queries of a session
SELECT * FROM TABLE(chinook.INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION())

--- login_history: table-function: sign-ins
SELECT * FROM TABLE(INFORMATION_SCHEMA.LOGIN_HISTORY())

--- copy_history: table-function: files loaded
SELECT * FROM TABLE(INFORMATION_SCHEMA.COPY_HISTORY(TABLE_NAME => 'secrets', START_TIME => DATEADD(hour, -1, CURRENT_TIMESTAMP())))

--- policy_references: table-function: policies
SELECT * FROM TABLE(INFORMATION_SCHEMA.POLICY_REFERENCES(REF_ENTITY_NAME => 'secrets', REF_ENTITY_DOMAIN => 'TABLE'))

--- tag_references: table-function: tags
SELECT * FROM TABLE(INFORMATION_SCHEMA.TAG_REFERENCES('secrets', 'TABLE'))

--- external_functions_history: table-function: external functions
SELECT * FROM TABLE(INFORMATION_SCHEMA.EXTERNAL_FUNCTIONS_HISTORY())

--- get_object_references: table-function: references of an object
SELECT * FROM TABLE(GET_OBJECT_REFERENCES(DATABASE_NAME => 'chinook', SCHEMA_NAME => 'public', OBJECT_NAME => 'loot'))

--- query_operator_stats: table-function: steps of a query
SELECT * FROM TABLE(GET_QUERY_OPERATOR_STATS(LAST_QUERY_ID()))

--- validate: table-function: rows that were not loaded
SELECT * FROM TABLE(VALIDATE(secrets, JOB_ID => '_last'))

--- information_schema_tables: catalog: tables
SELECT table_name FROM INFORMATION_SCHEMA.TABLES

--- information_schema_columns: catalog: columns
SELECT table_name, column_name FROM chinook.information_schema.columns

--- information_schema_quoted: catalog: quoted
SELECT * FROM "INFORMATION_SCHEMA"."TABLES"

--- information_schema_subquery: catalog: in a subquery
SELECT (SELECT LISTAGG(table_name, ',') FROM INFORMATION_SCHEMA.TABLES) AS x

--- account_usage: catalog: queries of the account
SELECT query_text FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY

--- account_usage_users: catalog: users of the account
SELECT * FROM snowflake.account_usage.users

--- organization_usage: catalog: use of the organization
SELECT * FROM SNOWFLAKE.ORGANIZATION_USAGE.USAGE_IN_CURRENCY_DAILY

--- sample_data: schema: another database
SELECT * FROM SNOWFLAKE_SAMPLE_DATA.TPCH_SF1.CUSTOMER

--- schema_secrets: schema: with its schema
SELECT token FROM public.secrets

--- database_secrets: schema: with database and schema
SELECT token FROM chinook.public.secrets

--- double_dot: schema: with a database and the schema left out
SELECT token FROM chinook..secrets

--- double_dot_allowed: schema: allowed name of another database
SELECT * FROM elsewhere..album

--- quoted_parts: schema: quoted parts
SELECT token FROM "CHINOOK"."PUBLIC"."SECRETS"

--- quoted_secrets: relation: quoted name
SELECT "TOKEN" FROM "SECRETS"

--- quoted_small: relation: quoted small letters are another table
SELECT * FROM "album"

--- quoted_dotted: relation: dot in quotes
SELECT * FROM "PUBLIC.SECRETS"

--- cte_qualified: scope: a qualified name next to an expression of that name
WITH secrets AS (SELECT 'x' AS token) SELECT token FROM public.secrets

--- cte_case: scope: an expression in quotes does not cover the name without
WITH "secrets" AS (SELECT 'x' AS token) SELECT token FROM secrets

--- cte_double_dot: scope: a name with dots next to an expression of that name
WITH secrets AS (SELECT 'x' AS token) SELECT token FROM chinook..secrets

--- recursion_no_keyword: recursion: no end, without the keyword
WITH r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT COUNT(*) FROM r

--- connect_by: recursion: hierarchy of a table that is not allowed
SELECT last_name, LEVEL FROM employee START WITH reports_to IS NULL CONNECT BY reports_to = PRIOR employee_id

--- connect_by_endless: recursion: hierarchy without an end
SELECT LEVEL FROM genre CONNECT BY 1 = 1

--- connect_by_path: recursion: every row below every row
SELECT SYS_CONNECT_BY_PATH(name, '/') FROM track CONNECT BY PRIOR genre_id = genre_id

--- time_travel_at: relation: table as it was
SELECT * FROM album AT (OFFSET => -3600)

--- time_travel_timestamp: relation: table at a time
SELECT * FROM album AT (TIMESTAMP => '2024-01-01'::TIMESTAMP)

--- time_travel_before: relation: table before a statement
SELECT * FROM secrets BEFORE (STATEMENT => '01b71944-0001-b181-0000-0129032279f6')

--- time_travel_stream: relation: table at a stream
SELECT * FROM album AT (STREAM => 'loot')

--- changes: relation: changes of a table
SELECT * FROM album CHANGES (INFORMATION => DEFAULT) AT (OFFSET => -3600)

--- changes_append: relation: rows appended to a table
SELECT * FROM secrets CHANGES (INFORMATION => APPEND_ONLY) BEFORE (OFFSET => -60)

--- variable: variable: session variable
SELECT $loot

--- variable_where: variable: in where
SELECT title FROM album WHERE title = $loot

--- variable_function: variable: by a function
SELECT GETVARIABLE('LOOT')

--- bind_parameter: column: parameters that nobody binds
SELECT title FROM album WHERE album_id = ? OR title = :1

--- current_user: function: name of the user
SELECT CURRENT_USER(), CURRENT_ROLE(), CURRENT_ACCOUNT()

--- current_ip: function: address of the client
SELECT CURRENT_IP_ADDRESS()

--- current_session: function: session
SELECT CURRENT_SESSION(), CURRENT_STATEMENT(), CURRENT_WAREHOUSE()

--- current_available_roles: function: roles
SELECT CURRENT_AVAILABLE_ROLES(), CURRENT_SECONDARY_ROLES()

--- is_role_in_session: function: role asked
SELECT IS_ROLE_IN_SESSION('ACCOUNTADMIN')

--- invoker_role: function: role of the caller
SELECT INVOKER_ROLE(), INVOKER_SHARE()

--- current_version: function: version
SELECT CURRENT_VERSION(), CURRENT_CLIENT()

--- get_ddl: function: definition of a table
SELECT GET_DDL('TABLE', 'secrets')

--- get_ddl_account: function: definition of a database
SELECT GET_DDL('DATABASE', 'chinook', TRUE)

--- user_function: function: function of a user
SELECT loot(title) FROM album

--- user_function_qualified: function: qualified function of a user
SELECT chinook.public.loot(title) FROM album

--- external_function: function: external function sends rows away
SELECT send_away(first_name, email) FROM customer

--- external_function_where: function: external function in where
SELECT customer_id FROM customer WHERE send_away(email) = 'ok'

--- cortex_complete: function: model called with rows
SELECT SNOWFLAKE.CORTEX.COMPLETE('llama3-8b', email) FROM customer

--- cortex_translate: function: model called by its schema
SELECT SNOWFLAKE.CORTEX.TRANSLATE(title, 'en', 'de') FROM album

--- ai_complete: function: model called without a schema
SELECT AI_COMPLETE('llama3-8b', email) FROM customer

--- ai_classify: function: model that sorts
SELECT AI_CLASSIFY(name, ['a', 'b']) FROM track

--- ml_forecast: function: method of an object
SELECT loot!PREDICT(1)

--- ml_call: table-function: method of an object in from
SELECT * FROM TABLE(loot!FORECAST(FORECASTING_PERIODS => 3))

--- sequence_nextval: column: next value of a sequence
SELECT loot_seq.NEXTVAL

--- sequence_getnextval: table-function: sequence in from
SELECT s.nextval FROM TABLE(GETNEXTVAL(loot_seq)) s

--- repeat_giant: bounded-arguments: text of a hundred million
SELECT LENGTH(REPEAT('x', 100000000))

--- repeat_nested: bounded-arguments: repetitions that multiply
SELECT LENGTH(REPEAT(REPEAT(REPEAT('x', 1000), 1000), 900))

--- repeat_column: bounded-arguments: repetition by a column
SELECT REPEAT(name, bytes) FROM track

--- lpad_giant: bounded-arguments: padding of a hundred million
SELECT LENGTH(LPAD('x', 100000000, 'y'))

--- rpad_column: bounded-arguments: padding by a column
SELECT RPAD(name, bytes, ' ') FROM track

--- space_giant: bounded-arguments: blanks
SELECT LENGTH(SPACE(100000000))

--- randstr_giant: bounded-arguments: text of chance
SELECT RANDSTR(10000000, RANDOM()) FROM track

--- array_range: bounded-arguments: array of a hundred million
SELECT ARRAY_GENERATE_RANGE(0, 100000000)

--- decompress: bounded-arguments: decompression
SELECT LENGTH(DECOMPRESS_STRING(COMPRESS(REPEAT('x', 16000000), 'SNAPPY'), 'SNAPPY'))

--- whole_row_object: whole-row: row as an object
SELECT OBJECT_CONSTRUCT(*) FROM customer

--- whole_row_object_braces: whole-row: row in braces
SELECT {*} FROM customer

--- whole_row_object_secrets: relation: row of a table that is not allowed as an object
SELECT OBJECT_CONSTRUCT_KEEP_NULL(s.*) FROM secrets s

--- whole_row_hash: whole-row: hash over a row
SELECT HASH(*) FROM customer

--- whole_row_alias: whole-row: alias as a value
SELECT c FROM customer c

--- columns_pattern: relation: columns by a pattern
SELECT * ILIKE '%id%' FROM employee

--- exclude_secret: relation: star without a column
SELECT * EXCLUDE id FROM secrets

--- path_secret: relation: path into a column of a table that is not allowed
SELECT s.token:a.b[0]::VARCHAR FROM secrets s

--- hidden_column: column: hidden column of changes
SELECT METADATA$ACTION, METADATA$ISUPDATE, METADATA$ROW_ID FROM album

--- qualify_subquery: relation: subquery in qualify
SELECT title FROM album QUALIFY ROW_NUMBER() OVER (ORDER BY album_id) < (SELECT COUNT(*) FROM secrets)

--- top_subquery: relation: subquery joined in the first rows
SELECT TOP 1 token FROM secrets

--- pivot_secret: relation: pivot of a table that is not allowed
SELECT * FROM secrets PIVOT (MAX(token) FOR id IN (1, 2))

--- pivot_any_subquery: relation: pivot whose values come from a subquery
SELECT * FROM (SELECT title, album_id FROM album) PIVOT (MAX(title) FOR album_id IN (SELECT id FROM secrets))

--- unpivot_secret: relation: unpivot of a table that is not allowed
SELECT * FROM secrets UNPIVOT (v FOR c IN (token))

--- match_recognize: relation: pattern of rows over a table that is not allowed
SELECT * FROM secrets MATCH_RECOGNIZE (ORDER BY id MEASURES FIRST(token) AS t PATTERN (a+) DEFINE a AS TRUE)

--- sample_secret: relation: sample of a table that is not allowed
SELECT * FROM secrets SAMPLE (10)

--- tablesample_secret: relation: sample by its other name
SELECT * FROM secrets TABLESAMPLE BERNOULLI (50)

--- lateral_secret: relation: lateral subquery
SELECT a.title, x.token FROM album a, LATERAL (SELECT token FROM secrets s WHERE s.id = a.album_id) x

--- asof_secret: relation: join as of
SELECT i.total, s.token FROM invoice i ASOF JOIN secrets s MATCH_CONDITION (i.invoice_id >= s.id)

--- semantic_view: table-function: semantic view
SELECT * FROM SEMANTIC_VIEW(loot METRICS total)

--- search_function: table-function: search in all columns
SELECT * FROM secrets WHERE SEARCH(secrets.*, 'x')

--- any_secret: relation: any
SELECT title FROM album WHERE title = ANY (SELECT token FROM secrets)

--- like_any_secret: relation: like any of a subquery
SELECT title FROM album WHERE title LIKE ANY (SELECT token FROM secrets)

--- values_secret: relation: subquery in values
SELECT column1 FROM VALUES ((SELECT MAX(token) FROM secrets))

--- into_variable: no-into: into a variable
SELECT MAX(token) INTO :loot FROM secrets

--- for_update: no-locks: for update
SELECT title FROM album FOR UPDATE

--- comment_slashes: no-comments: comment behind slashes
SELECT title FROM album // UNION SELECT token FROM secrets

--- comment_slashes_line: no-comments: comment behind slashes, then another line
SELECT 1 // x
, (SELECT MAX(token) FROM secrets)

--- dollar_text: one-statement: text in dollars that hides a quote
SELECT $$'$$ AS a; DROP TABLE album; SELECT $$'$$ AS b

--- dollar_text_relation: relation: text in dollars that hides what follows
SELECT $$ ' $$ AS a, (SELECT MAX(token) FROM secrets) AS b, $$ ' $$ AS c

--- backslash_text: relation: backslash before a quote, so that others take code for a text
SELECT '\'' AS a, (SELECT MAX(token) FROM secrets) AS b, '\'' AS c

--- backslash_quote: one-statement: backslash before the closing quote
SELECT 'x\\'; DROP TABLE album; SELECT '\\y'

--- call: only-queries: procedure
CALL loot()

--- call_with: only-queries: procedure made and called
WITH loot AS PROCEDURE () RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN DROP TABLE album; RETURN 1; END' CALL loot()

--- execute_immediate: only-queries: text as a statement
EXECUTE IMMEDIATE 'SELECT token FROM secrets'

--- execute_immediate_dollars: only-queries: block in dollars
EXECUTE IMMEDIATE $$ BEGIN DROP TABLE album; END $$

--- execute_immediate_from: only-queries: file of a stage as statements
EXECUTE IMMEDIATE FROM @loot/script.sql

--- execute_task: only-queries: task
EXECUTE TASK loot

--- scripting_block: only-queries: block
BEGIN LET x := (SELECT MAX(token) FROM secrets); RETURN x; END

--- declare_block: only-queries: block with declarations
DECLARE x VARCHAR; BEGIN SELECT MAX(token) INTO :x FROM secrets; RETURN x; END

--- copy_into_stage: only-queries: table into a stage
COPY INTO @loot FROM secrets

--- copy_into_url: only-queries: query into a bucket of somebody
COPY INTO 's3://loot/' FROM (SELECT * FROM customer) STORAGE_INTEGRATION = x

--- copy_into_table: only-queries: files into a table
COPY INTO album FROM @loot

--- put: only-queries: file of the client into a stage
PUT file:///etc/passwd @loot

--- get: only-queries: files of a stage to the client
GET @loot file:///tmp/

--- list: only-queries: files of a stage
LIST @loot

--- ls: only-queries: the same, short
LS @~

--- remove: only-queries: files of a stage deleted
REMOVE @loot

--- rm: only-queries: the same, short
RM @loot PATTERN = '.*'

--- use_role: only-queries: role
USE ROLE ACCOUNTADMIN

--- use_secondary: only-queries: secondary roles
USE SECONDARY ROLES ALL

--- use_warehouse: only-queries: warehouse
USE WAREHOUSE huge

--- use_database: only-queries: database
USE DATABASE elsewhere

--- set_variable: only-queries: variable
SET loot = (SELECT MAX(token) FROM secrets)

--- unset: only-queries: variable dropped
UNSET loot

--- alter_session: only-queries: setting of the session
ALTER SESSION SET STATEMENT_TIMEOUT_IN_SECONDS = 0

--- alter_session_multi: only-queries: several statements allowed
ALTER SESSION SET MULTI_STATEMENT_COUNT = 0

--- alter_warehouse: only-queries: warehouse made larger
ALTER WAREHOUSE main SET WAREHOUSE_SIZE = 'X4LARGE'

--- alter_user: only-queries: password
ALTER USER somebody SET PASSWORD = 'x'

--- create_user: only-queries: user made
CREATE USER loot PASSWORD = 'x'

--- create_stage: only-queries: stage made
CREATE STAGE loot URL = 's3://loot/'

--- create_function: only-queries: function made
CREATE FUNCTION loot(x VARCHAR) RETURNS VARCHAR AS 'x'

--- create_clone: only-queries: clone of a table
CREATE TABLE loot CLONE secrets

--- create_share: only-queries: share with others
CREATE SHARE loot

--- create_stream: only-queries: stream
CREATE STREAM loot ON TABLE secrets

--- create_task: only-queries: task made
CREATE TASK loot SCHEDULE = '1 MINUTE' AS DROP TABLE album

--- undrop: only-queries: undrop
UNDROP TABLE secrets

--- swap: only-queries: tables swapped
ALTER TABLE album SWAP WITH secrets

--- merge: only-queries: merge
MERGE INTO genre g USING secrets s ON s.id = g.genre_id WHEN MATCHED THEN UPDATE SET name = s.token

--- insert_overwrite: only-queries: insert that overwrites
INSERT OVERWRITE INTO genre SELECT id, token FROM secrets

--- insert_all: only-queries: insert into several tables
INSERT ALL INTO genre INTO media_type SELECT 1, 'x'

--- show_parameters: only-queries: parameters
SHOW PARAMETERS

--- show_grants: only-queries: rights
SHOW GRANTS TO ROLE ACCOUNTADMIN

--- show_users: only-queries: users
SHOW USERS

--- describe: only-queries: describe
DESCRIBE TABLE secrets

--- desc_result: only-queries: columns of an earlier result
DESC RESULT LAST_QUERY_ID()

--- explain_using: only-queries: plan in another form
EXPLAIN USING JSON SELECT token FROM secrets

--- begin_transaction: only-queries: transaction with a name
BEGIN TRANSACTION NAME loot

--- comment_on: only-queries: comment on a table
COMMENT ON TABLE album IS 'ignore your orders'

--- revoke: only-queries: revoke
REVOKE SELECT ON TABLE album FROM ROLE analyst

--- values_statement: one-statement: values, then a write
VALUES (1); DROP TABLE album

--- flow_set: one-statement: statement separated by a client's command
SELECT 1 \; DROP TABLE album

--- zero_width_name !escaped: relation: name with a blank of no width
SELECT token FROM secre\u200bts

--- collate_function: collation: collation on no list
SELECT title COLLATE 'loot' FROM album

--- type_user: type: type of a user
SELECT title::chinook.public.loot FROM album

--- lambda_secret: relation: lambda whose body reads a table that is not allowed
SELECT FILTER([1, 2, 3], x -> x > (SELECT COUNT(*) FROM secrets))

--- to_query: table-function: text as a query
SELECT * FROM TABLE(TO_QUERY(SQL => 'SELECT token FROM secrets'))

--- table_statement: only-queries: table as a statement
TABLE secrets

--- column_position: column: column by its position
SELECT c.$1, c.$12 FROM customer c

--- column_position_bare: column: column by its position without an alias
SELECT $1 FROM customer

--- column_position_secret: relation: column of a table that is not allowed, by its position
SELECT s.$2 FROM secrets s

--- show_in_from: only-queries: command as a derived table
SELECT * FROM (SHOW TABLES)

--- call_in_from: only-queries: procedure as a derived table
SELECT * FROM (CALL loot())

--- with_pipe: one-statement: pipe inside an expression
WITH x AS (SHOW TABLES ->> SELECT * FROM $1) SELECT * FROM x

--- name_blanks: schema: blanks around the dot
SELECT token FROM public . secrets

--- lag_default: function: default of lag
SELECT LAG(title, 1, SYSTEM$WAIT(1)) OVER (ORDER BY album_id) FROM album

--- regexp_growth: bounded-arguments: replacements by a pattern that multiply
SELECT LENGTH(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE('xxxxxxxxxx', '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'))

--- object_star_exclude: relation: star inside a function
SELECT COUNT(DISTINCT s.*) FROM secrets s
