--- two_selects: one-statement: two selects
SELECT 1; SELECT 2

--- select_then_drop: one-statement: a table dropped behind a query
SELECT COUNT(*) FROM album; DROP TABLE album

--- commit_then_drop: one-statement: a read-only transaction ended first
SELECT 1; COMMIT; DROP TABLE album

--- rollback_then_write: one-statement: rollback, then a write
SELECT 1; ROLLBACK; UPDATE invoice SET total = 0

--- empty_first: one-statement: empty statement first
; SELECT token FROM secrets

--- empty_between: one-statement: empty statements between
SELECT 1;;; DELETE FROM album

--- semicolon_in_text: one-statement: a semicolon in a text, then a real one
SELECT 'a;b' AS x; DELETE FROM album WHERE title = 'c;d'

--- quote_trick: one-statement: a doubled quote before the second statement
SELECT '''' AS x; DELETE FROM album

--- second_is_secret: one-statement: second statement reads a table that is not allowed
SELECT title FROM album; SELECT token FROM secrets

--- begin_block: one-statement: transaction around a write
BEGIN; DELETE FROM invoice_line; COMMIT

--- trailing_newlines: one-statement: second statement far below
SELECT 1



;



DROP TABLE track

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
