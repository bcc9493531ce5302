/**
 * MultiMAP: one graph, and one map, of data sets that share few features. {@code MultiMapGraph}
 * weighs neighbours within every set and between every two of them; UMAP lays the graph out.
 */
package org.cellweave.embed.multimap;
