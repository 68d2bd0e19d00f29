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

--- cte_insert: no-writes: insert behind an expression
WITH x AS (SELECT 1 AS one) INSERT INTO Genre (GenreId, Name) SELECT 200 + one, 'x' FROM x

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
SELECT Title AS "\u2066x\u2069" FROM Album

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

--- recursion_doubling_text: recursion: every step doubles a text
WITH RECURSIVE r AS (SELECT 1 AS i, 'xxxxxxxx' AS s UNION ALL SELECT i + 1, REPLACE(s, 'x', 'xx') FROM r WHERE i < 40) SELECT MAX(LENGTH(s)) FROM r

--- recursion_second_unbounded: recursion: the second of two has no end
WITH RECURSIVE a AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM a WHERE i < 5), b AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM b) SELECT COUNT(*) FROM b

--- recursion_nested_unbounded: recursion: no end, in a derived table
SELECT COUNT(*) FROM (WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT i FROM r) x

--- replace_growth: bounded-arguments: replacements that multiply
SELECT LENGTH(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE('xxxxxxxxxx', 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'), 'x', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx')) AS x

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
SELECT * FROM "elsewhere.Album"

--- limit_subquery: relation: limit by a subquery
SELECT Title FROM Album LIMIT (SELECT COUNT(*) FROM secrets)

--- offset_subquery: relation: offset by a subquery
SELECT Title FROM Album LIMIT 1 OFFSET (SELECT COUNT(*) FROM secrets)

--- filter_subquery: relation: filter of an aggregate
SELECT COUNT(*) FILTER (WHERE AlbumId < (SELECT COUNT(*) FROM secrets)) AS x FROM Album

--- values_subquery: relation: subquery inside values
SELECT * FROM (VALUES ((SELECT MAX(token) FROM secrets))) AS v

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

--- attach: only-queries: attach
ATTACH DATABASE '/tmp/loot.db' AS loot

--- attach_memory: only-queries: attach a database in memory
ATTACH ':memory:' AS loot

--- attach_expression: only-queries: attach by an expression
ATTACH DATABASE '/tmp/' || 'loot.db' AS loot

--- attach_uri: only-queries: attach by an address
ATTACH DATABASE 'file:/etc/passwd?mode=ro' AS loot

--- detach: only-queries: detach
DETACH DATABASE main

--- pragma: only-queries: pragma
PRAGMA table_info(secrets)

--- pragma_set: only-queries: pragma that sets
PRAGMA query_only = 0

--- pragma_writable: only-queries: schema made writable
PRAGMA writable_schema = ON

--- pragma_journal: only-queries: journal
PRAGMA journal_mode = DELETE

--- pragma_key: only-queries: list of databases
PRAGMA database_list

--- pragma_temp_dir: only-queries: folder for temporary files
PRAGMA temp_store_directory = '/tmp'

--- pragma_schema: only-queries: pragma of a schema
PRAGMA main.table_list

--- pragma_function: only-queries: functions
PRAGMA function_list

--- vacuum: only-queries: vacuum
VACUUM

--- vacuum_into: only-queries: vacuum into a file, which a read-only connection does not hinder
VACUUM INTO '/tmp/loot.db'

--- vacuum_main_into: only-queries: vacuum of a schema into a file
VACUUM main INTO '/tmp/loot2.db'

--- analyze: only-queries: analyze
ANALYZE

--- analyze_table: only-queries: analyze of a table
ANALYZE Album

--- reindex: only-queries: reindex
REINDEX

--- savepoint: only-queries: savepoint
SAVEPOINT loot

--- release: only-queries: release
RELEASE loot

--- begin_exclusive: only-queries: exclusive transaction
BEGIN EXCLUSIVE

--- begin_immediate: only-queries: immediate transaction
BEGIN IMMEDIATE TRANSACTION

--- end: only-queries: end of a transaction
END TRANSACTION

--- replace: only-queries: replace
REPLACE INTO Genre (GenreId, Name) VALUES (1, 'x')

--- insert_or: only-queries: insert or replace
INSERT OR REPLACE INTO Genre (GenreId, Name) VALUES (1, 'x')

--- insert_default: only-queries: insert of defaults
INSERT INTO Genre DEFAULT VALUES

--- upsert: only-queries: upsert
INSERT INTO Genre (GenreId, Name) VALUES (1, 'x') ON CONFLICT (GenreId) DO UPDATE SET Name = 'y'

--- update_from: only-queries: update from
UPDATE Genre SET Name = s.token FROM secrets s WHERE s.id = Genre.GenreId

--- delete_returning: only-queries: delete with returning
DELETE FROM Genre RETURNING Name

--- drop_view: only-queries: drop a view
DROP VIEW IF EXISTS loot

--- drop_index: only-queries: drop an index
DROP INDEX IFK_AlbumArtistId

--- create_trigger: only-queries: trigger
CREATE TRIGGER loot AFTER INSERT ON Genre BEGIN DELETE FROM Genre; END

--- create_virtual: only-queries: virtual table
CREATE VIRTUAL TABLE loot USING fts5(x)

--- create_virtual_csv: only-queries: virtual table over a file
CREATE VIRTUAL TABLE temp.loot USING csv(filename='/etc/passwd')

--- create_temp_trigger: only-queries: temporary trigger
CREATE TEMP TRIGGER loot INSTEAD OF DELETE ON loot BEGIN SELECT 1; END

--- explain_query_plan: only-queries: query plan
EXPLAIN QUERY PLAN SELECT token FROM secrets

--- explain_drop: only-queries: plan of a drop
EXPLAIN DROP TABLE InvoiceLine

--- explain_attach: only-queries: plan of an attach
EXPLAIN ATTACH '/tmp/loot.db' AS loot

--- cte_replace: no-writes: replace behind an expression
WITH x AS (SELECT 1 AS one) REPLACE INTO Genre (GenreId, Name) SELECT one, 'x' FROM x

--- cte_insert_or: no-writes: insert or ignore behind an expression
WITH x AS (SELECT 1 AS one) INSERT OR IGNORE INTO Genre (GenreId, Name) SELECT one, 'x' FROM x

--- dot_command: only-queries: command of the shell
.shell id

--- dot_read: only-queries: output of the shell
.output /tmp/loot

--- load_extension: function: library loaded
SELECT load_extension('/tmp/loot.so')

--- load_extension_entry: function: library loaded with its entry
SELECT load_extension('loot', 'sqlite3_loot_init')

--- load_extension_where: function: in where
SELECT Title FROM Album WHERE load_extension('/tmp/loot.so') IS NULL

--- load_extension_order: function: in order by
SELECT Title FROM Album ORDER BY load_extension('/tmp/loot.so')

--- load_extension_group: function: in group by
SELECT COUNT(*) FROM Album GROUP BY load_extension('/tmp/loot.so')

--- load_extension_having: function: in having
SELECT COUNT(*) FROM Album GROUP BY ArtistId HAVING load_extension('/tmp/loot.so')

--- load_extension_limit: function: in limit
SELECT Title FROM Album LIMIT load_extension('/tmp/loot.so')

--- load_extension_offset: function: in offset
SELECT Title FROM Album LIMIT 1 OFFSET load_extension('/tmp/loot.so')

--- load_extension_join: function: in a join condition
SELECT a.Title FROM Album a JOIN Artist r ON load_extension('/tmp/loot.so')

--- load_extension_case: function: in a case
SELECT CASE WHEN load_extension('/tmp/loot.so') THEN 1 END

--- load_extension_filter: function: in a filter
SELECT COUNT(*) FILTER (WHERE load_extension('/tmp/loot.so')) FROM Album

--- load_extension_over: function: in a window
SELECT SUM(Total) OVER (ORDER BY load_extension('/tmp/loot.so')) FROM Invoice

--- load_extension_window: function: in a named window
SELECT SUM(Total) OVER w FROM Invoice WINDOW w AS (PARTITION BY load_extension('/tmp/loot.so'))

--- load_extension_values: function: in values
VALUES (load_extension('/tmp/loot.so'))

--- load_extension_values_from: function: in values of from
SELECT * FROM (VALUES (load_extension('/tmp/loot.so')))

--- load_extension_cast: function: in a cast
SELECT CAST(load_extension('/tmp/loot.so') AS TEXT)

--- load_extension_in: function: in a list
SELECT Title FROM Album WHERE Title IN ('a', load_extension('/tmp/loot.so'))

--- load_extension_between: function: in between
SELECT Title FROM Album WHERE AlbumId BETWEEN 1 AND load_extension('/tmp/loot.so')

--- load_extension_like: function: in the escape of like
SELECT Title FROM Album WHERE Title LIKE 'x' ESCAPE load_extension('/tmp/loot.so')

--- load_extension_collate: function: under a collation
SELECT load_extension('/tmp/loot.so') COLLATE NOCASE

--- load_extension_aggregate: function: inside an aggregate
SELECT group_concat(Title, load_extension('/tmp/loot.so')) FROM Album

--- load_extension_cte: function: in an expression
WITH x AS (SELECT load_extension('/tmp/loot.so') AS y) SELECT y FROM x

--- load_extension_recursive: function: in a recursion
WITH RECURSIVE r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r WHERE i < 3 AND load_extension('/tmp/loot.so') IS NULL) SELECT i FROM r

--- load_extension_quoted: function: quoted
SELECT "load_extension"('/tmp/loot.so')

--- load_extension_brackets: function: in square brackets
SELECT [load_extension]('/tmp/loot.so')

--- load_extension_backticks: function: in backticks
SELECT `load_extension`('/tmp/loot.so')

--- load_extension_case_mixed: function: in mixed case
SELECT LoAd_ExTeNsIoN('/tmp/loot.so')

--- load_extension_union: function: in an arm of a union
SELECT Title FROM Album UNION SELECT load_extension('/tmp/loot.so')

--- load_extension_json: function: as an argument of json
SELECT json_object('x', load_extension('/tmp/loot.so'))

--- load_extension_row: function: in a row value
SELECT Title FROM Album WHERE (AlbumId, Title) = (1, load_extension('/tmp/loot.so'))

--- load_extension_frame: function: in the bound of a frame
SELECT SUM(Total) OVER (ORDER BY InvoiceId ROWS load_extension('/tmp/loot.so') PRECEDING) FROM Invoice

--- readfile: function: file read
SELECT readfile('/etc/passwd')

--- writefile: function: file written
SELECT writefile('/tmp/loot', 'x')

--- fsdir: table-function: directory
SELECT name FROM fsdir('/etc')

--- edit: function: editor
SELECT edit('x', 'vi')

--- lsdir: table-function: archive
SELECT * FROM zipfile('/tmp/loot.zip')

--- sqlar: function: compression
SELECT sqlar_uncompress(zeroblob(9), 1000000000)

--- fts3_tokenizer: function: pointer of a tokenizer
SELECT hex(fts3_tokenizer('simple'))

--- fts3_tokenizer_set: function: pointer of a tokenizer set
SELECT fts3_tokenizer('loot', x'4141414141414141')

--- fts5_pointer: function: pointer of full text search
SELECT fts5(1)

--- rtreenode: function: inside of an index
SELECT rtreenode(2, x'00000000')

--- rtreecheck: function: check that takes a table's name
SELECT rtreecheck('secrets')

--- sqlite_version: function: version
SELECT sqlite_version(), sqlite_source_id()

--- compile_options: function: options of the build
SELECT sqlite_compileoption_get(0)

--- compile_option_used: function: options asked
SELECT sqlite_compileoption_used('ENABLE_LOAD_EXTENSION')

--- sqlite_log: function: line in the error log
SELECT sqlite_log(1, 'x')

--- sqlite_offset: function: place in the file
SELECT sqlite_offset(Title) FROM Album

--- changes: function: changes of the connection
SELECT changes(), total_changes(), last_insert_rowid()

--- subtype: function: subtypes
SELECT subtype(json('1'))

--- unknown_scalar: function: function of an application
SELECT loot(Title) FROM Album

--- zeroblob: bounded-arguments: a gigabyte of zeros
SELECT length(zeroblob(999999999))

--- zeroblob_hex: bounded-arguments: two gigabytes of zeros as text
SELECT length(hex(zeroblob(499999999)))

--- randomblob: bounded-arguments: a gigabyte of chance
SELECT length(randomblob(999999999))

--- printf_width: bounded-arguments: width in a format
SELECT length(printf('%999999999d', 1))

--- printf_precision: bounded-arguments: precision in a format
SELECT length(printf('%.*c', 900000000, 'x'))

--- printf_star: bounded-arguments: width from an argument
SELECT length(printf('%*s', 900000000, 'x'))

--- format_width: bounded-arguments: the same by its other name
SELECT length(format('%900000000s', 'x'))

--- printf_column: bounded-arguments: width from a column
SELECT printf('%*d', Bytes, 1) FROM Track

--- replace_zeroblob: bounded-arguments: zeros replaced by many
SELECT length(replace(hex(zeroblob(100000)), '0', 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'))

--- recursive_no_keyword: recursion: no end, without the keyword
WITH r AS (SELECT 1 AS i UNION ALL SELECT i + 1 FROM r) SELECT COUNT(*) FROM r

--- recursive_two_arms: recursion: two arms that both step
WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r WHERE i < 60 UNION ALL SELECT i + 1 FROM r WHERE i < 60) SELECT COUNT(*) FROM r

--- recursive_concat: recursion: text doubled by concatenation
WITH RECURSIVE r(i, s) AS (SELECT 1, 'x' UNION ALL SELECT i + 1, s || s FROM r WHERE i < 40) SELECT max(length(s)) FROM r

--- recursive_limit_huge: recursion: limit of a million million
WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r LIMIT 1000000000000) SELECT COUNT(*) FROM r

--- recursive_limit_negative: recursion: limit that is none
WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r LIMIT -1) SELECT COUNT(*) FROM r

--- recursive_outer_limit: recursion: no end, sorted before the limit outside
WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT i FROM r ORDER BY i DESC LIMIT 1

--- sqlite_master: catalog: schema table
SELECT name, sql FROM sqlite_master

--- sqlite_schema: catalog: schema table by its new name
SELECT name, sql FROM sqlite_schema

--- sqlite_temp_master: catalog: schema of temporary tables
SELECT * FROM sqlite_temp_master

--- sqlite_temp_schema: catalog: the same by its new name
SELECT * FROM sqlite_temp_schema

--- sqlite_master_main: catalog: with its schema
SELECT sql FROM main.sqlite_master

--- sqlite_master_quoted: catalog: quoted
SELECT sql FROM "sqlite_master"

--- sqlite_master_brackets: catalog: in square brackets
SELECT sql FROM [sqlite_schema]

--- sqlite_master_capitals: catalog: in capitals
SELECT SQL FROM SQLITE_MASTER

--- sqlite_master_text: catalog: as a text
SELECT sql FROM 'sqlite_master'

--- sqlite_master_union: catalog: behind a union
SELECT Title FROM Album UNION SELECT sql FROM sqlite_master

--- sqlite_master_subquery: catalog: in a subquery
SELECT (SELECT group_concat(sql) FROM sqlite_master)

--- sqlite_master_join: catalog: joined
SELECT a.Title, m.sql FROM Album a JOIN sqlite_master m ON m.rootpage = a.AlbumId

--- sqlite_sequence: catalog: counters
SELECT * FROM sqlite_sequence

--- sqlite_stat1: catalog: statistics
SELECT * FROM sqlite_stat1

--- sqlite_stat4: catalog: samples of other tables
SELECT tbl, idx, sample FROM sqlite_stat4

--- dbstat: catalog: pages
SELECT * FROM dbstat

--- sqlite_dbpage: catalog: raw pages
SELECT hex(data) FROM sqlite_dbpage

--- sqlite_stmt: catalog: statements of the connection
SELECT sql FROM sqlite_stmt

--- bytecode: table-function: program of a statement
SELECT * FROM bytecode('SELECT token FROM secrets')

--- tables_used: table-function: tables of a statement
SELECT * FROM tables_used('SELECT token FROM secrets')

--- completion: table-function: names of everything
SELECT candidate FROM completion('sec')

--- pragma_table_info: table-function: columns of a table
SELECT * FROM pragma_table_info('secrets')

--- pragma_table_info_join: table-function: columns of all tables
SELECT m.name, p.name FROM Album a JOIN pragma_table_info('Employee') p JOIN pragma_table_list m

--- pragma_table_list: table-function: all tables, without brackets
SELECT name FROM pragma_table_list

--- pragma_database_list: table-function: files
SELECT file FROM pragma_database_list

--- pragma_function_list: table-function: functions
SELECT name FROM pragma_function_list

--- pragma_module_list: table-function: modules
SELECT name FROM pragma_module_list()

--- pragma_compile_options: table-function: options of the build
SELECT * FROM pragma_compile_options

--- pragma_quoted: table-function: quoted
SELECT * FROM "pragma_table_info"('secrets')

--- pragma_main: table-function: with a schema
SELECT * FROM main.pragma_table_xinfo('secrets')

--- pragma_argument: table-function: argument as a hidden column
SELECT name FROM pragma_table_info WHERE arg = 'secrets'

--- pragma_journal_table: table-function: journal mode
SELECT * FROM pragma_journal_mode

--- pragma_optimize: table-function: pragma with an effect
SELECT * FROM pragma_optimize

--- pragma_wal_checkpoint: table-function: checkpoint
SELECT * FROM pragma_wal_checkpoint('TRUNCATE')

--- pragma_query_only: table-function: query_only switched off
SELECT * FROM pragma_query_only(0)

--- pragma_integrity: table-function: integrity check
SELECT * FROM pragma_integrity_check

--- fts5vocab: table-function: vocabulary
SELECT * FROM fts5vocab('secrets', 'row')

--- generate_series_endless: bounded-arguments: series without an end
SELECT COUNT(*) FROM generate_series(1)

--- generate_series_huge: bounded-arguments: a huge series
SELECT SUM(value) FROM generate_series(1, 1000000000000)

--- json_each_column: bounded-arguments: json of a repeated text
SELECT COUNT(*) FROM json_each('[' || replace(hex(zeroblob(50000000)), '00', '0,') || '0]')

--- main_secrets: schema: with its schema
SELECT token FROM main.secrets

--- main_quoted: schema: quoted with its schema
SELECT token FROM "main"."secrets"

--- main_brackets: schema: in brackets with its schema
SELECT token FROM [main].[secrets]

--- temp_secrets: schema: in the temporary schema
SELECT * FROM temp.secrets

--- attached_album: schema: allowed name in another database
SELECT * FROM loot.Album

--- three_parts: schema: column with schema and table
SELECT main.secrets.token FROM main.secrets

--- cte_main: scope: a qualified name next to an expression of that name
WITH secrets AS (SELECT 'x' AS token) SELECT token FROM main.secrets

--- cte_main_employee: scope: the same for a joined table
WITH Employee AS (SELECT 1 AS id) SELECT e.LastName FROM Employee x CROSS JOIN main.Employee e

--- text_as_table: relation: text as a table
SELECT token FROM 'secrets'

--- text_as_table_double: relation: double quotes as a table
SELECT token FROM "secrets"

--- backticks: relation: backticks as a table
SELECT token FROM `secrets`

--- brackets: relation: brackets as a table
SELECT token FROM [secrets]

--- brackets_blank: relation: brackets with case
SELECT token FROM [SeCrEtS]

--- in_name: relation: in followed by a name
SELECT Title FROM Album WHERE (AlbumId, Title) IN secrets

--- in_name_employee: relation: not in followed by a name
SELECT LastName FROM Customer WHERE LastName NOT IN Employee

--- in_name_qualified: relation: in followed by a qualified name
SELECT Title FROM Album WHERE (AlbumId, Title) IN main.secrets

--- in_name_quoted: relation: in followed by a quoted name
SELECT Title FROM Album WHERE (AlbumId, Title) IN "secrets"

--- in_table_function: table-function: in followed by a function
SELECT Title FROM Album WHERE Title IN pragma_table_list('main')

--- in_name_select_list: relation: in followed by a name, in the select list
SELECT ('x', 'y') IN secrets

--- indexed_by: relation: with an index named
SELECT token FROM secrets INDEXED BY loot

--- not_indexed: relation: not indexed
SELECT token FROM secrets NOT INDEXED

--- case_mixed: relation: other case
SELECT TOKEN FROM sEcReTs

--- employee_lower: relation: other case of the other table
SELECT lastname FROM employee

--- values_subquery_statement: relation: subquery in values
VALUES ((SELECT token FROM secrets))

--- row_value_subquery: relation: row value of a subquery
SELECT Title FROM Album WHERE (AlbumId, Title) IN (SELECT id, token FROM secrets)

--- glob_subquery: relation: pattern of glob
SELECT Title FROM Album WHERE Title GLOB (SELECT token FROM secrets)

--- collate_subquery: relation: under a collation
SELECT (SELECT token FROM secrets LIMIT 1) COLLATE NOCASE

--- json_each_secret: relation: subquery as an argument in from
SELECT value FROM json_each((SELECT json_group_array(token) FROM secrets))

--- group_concat_separator: relation: subquery as a separator
SELECT group_concat(Title, (SELECT token FROM secrets LIMIT 1)) FROM Album

--- raise: function: raise outside of a trigger
SELECT RAISE(ABORT, 'x')

--- match_operator: operator: match
SELECT Title FROM Album WHERE Title MATCH 'x'

--- regexp_operator: operator: regexp, which an application defines
SELECT Title FROM Album WHERE Title REGEXP '.*'

--- collate_unknown: collation: collation on no list
SELECT Title FROM Album ORDER BY Title COLLATE loot

--- collate_compare: collation: unknown collation in a comparison
SELECT Title FROM Album WHERE Title = 'x' COLLATE "evil"

--- rowid: column: hidden column
SELECT rowid, Title FROM Album

--- oid: column: the same by another name
SELECT _rowid_, oid FROM Album

--- double_quoted_column: column: a name that falls back to a text
SELECT "token" FROM Customer

--- hidden_column: column: hidden argument of a virtual table
SELECT e.schema FROM Album e

--- select_into_file: no-into: into, which this engine has not
SELECT Title INTO OUTFILE '/tmp/loot' FROM Album

--- for_update: no-locks: lock, which this engine has not
SELECT Title FROM Album FOR UPDATE

--- comment_hash_like: no-comments: block comment without an end hides a union
SELECT Title FROM Album UNION SELECT token FROM secrets /*

--- comment_in_brackets: no-comments: comment between brackets
SELECT (1 /* ( */ )

--- zero_width_name !escaped: relation: name with a blank of no width
SELECT token FROM secre\u200bts

--- nul_keyword !escaped: characters: NUL behind which the engine stops reading
SELECT Title FROM Album\0; DROP TABLE InvoiceLine

--- byte_order_mark !escaped: relation: byte order mark as a name
SELECT * FROM \ufeffsecrets

--- table_statement: only-queries: table, which this engine has not
TABLE secrets

--- table_derived: relation: table as a derived table
SELECT * FROM (TABLE secrets)

--- lateral_function: table-function: function behind lateral
SELECT * FROM Album, LATERAL pragma_table_info('secrets')

--- cross_join_using: relation: using with a hidden table
SELECT COUNT(*) FROM Customer LEFT JOIN main.Employee USING (Country)

--- bind_parameter: column: parameters that nobody binds
SELECT Title FROM Album WHERE AlbumId = ?1 OR Title = :token OR Title = @token OR Title = $token

--- upsert_cte: no-writes: update behind two expressions
WITH a AS (SELECT 1 AS x), b AS (SELECT x FROM a) UPDATE Genre SET Name = 'x' WHERE GenreId IN (SELECT x FROM b)

--- table_arguments: table-function: arguments behind a table that is not allowed
SELECT * FROM secrets(1)

--- json_tree_secret: relation: subquery as an argument of json_tree
SELECT value FROM json_tree((SELECT json_array(token) FROM secrets LIMIT 1))

--- lag_default: function: default of lag
SELECT LAG(Title, 1, load_extension('/tmp/loot.so')) OVER (ORDER BY AlbumId) FROM Album

--- alias_text: relation: alias in quotes over a forbidden column
SELECT token 'Title' FROM secrets

--- natural_catalog: catalog: natural join with the schema
SELECT * FROM Album NATURAL JOIN sqlite_master

--- in_catalog: catalog: in followed by the schema's name
SELECT (1, 2, 3, 4, 5) IN sqlite_master

--- name_blanks: schema: blanks around the dot
SELECT token FROM main . secrets

--- cte_in_name: scope: in followed by a name that an expression covers elsewhere
SELECT (1, 'abc') IN secrets AS x, (WITH secrets AS (SELECT 1 AS a, 2 AS b) SELECT COUNT(*) FROM secrets) AS y

--- materialized_secret: relation: materialized expression
WITH x AS MATERIALIZED (SELECT token FROM secrets) SELECT token FROM x
