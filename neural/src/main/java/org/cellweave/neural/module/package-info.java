/** The networks of the models with their objectives, in the operations of {@code nn}. */
package org.cellweave.neural.module;
