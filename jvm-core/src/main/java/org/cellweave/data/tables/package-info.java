/**
 * What tables are asked for: groups and their statistics, orders of rows, joins, cross tables.
 * Arrays of numbers in the loops, nothing boxed; pandas' rules for missing values and types.
 */
package org.cellweave.data.tables;
