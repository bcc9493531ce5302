/** Communities of a neighbour graph, and trees of groups. */
package org.cellweave.cluster;
