/**
 * Drawings of graphs in a plane: ForceAtlas2, Fruchterman-Reingold, Kamada-Kawai, trees, springs
 * with components packed side by side, and places that no edge decides.
 *
 * <p>Written by hand: the drawing libraries of the JVM lay out objects of their own, a few thousand
 * at most, and in an order of threads or hash codes. Imports {@code nbody}, the start coordinates
 * of {@code embed} and the floor.
 */
package org.cellweave.graphdraw;
