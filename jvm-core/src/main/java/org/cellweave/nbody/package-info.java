/**
 * Forces between all pairs of points in a plane by the tree of Barnes and Hut (1986,
 * doi:10.1038/324446a0), in which a far square acts as one point. Graph drawings and t-SNE share
 * it. Imports {@code util} alone.
 */
package org.cellweave.nbody;
