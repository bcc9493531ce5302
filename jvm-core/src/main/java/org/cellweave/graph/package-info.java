/**
 * Graphs as symmetric or directed sparse matrices: connected and strong components, and how smooth
 * values are on them. Searches of a few lines over the project's own sparse matrices; a graph
 * library would want a copy as objects.
 */
package org.cellweave.graph;
