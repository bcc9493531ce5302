/**
 * Engines in a class loader of their own, because their libraries bear the same names as those that
 * are here already: KotlinDL brings TensorFlow 1.15, which cannot share a class path with
 * TensorFlow 2. A module is recorded as a list of operations, and that list, weights and rows of
 * numbers cross the border, all in types of the JDK. The other side lies in the Maven module {@code
 * neural-kotlindl}.
 *
 * <p>Both native libraries run in one process, in either order, as long as JavaCPP's own is loaded
 * before TensorFlow 2's, which its engine sees to. Otherwise, in a JVM that brings no C++ library,
 * the system's is loaded for TensorFlow 2 and takes a function from it that TensorFlow 1.15 does
 * not survive.
 */
package org.cellweave.neural.isolated;
