/**
 * The contract of batch integration, and nothing else; every method has a package of its own below
 * this one, which may use what the row of {@code integrate} in {@code docs/architecture.md} names,
 * and this.
 *
 * <p>A method is a final class with {@code Params}, {@code Result} and a static {@code run} in its
 * own words. With its parameters set it is handed on as a {@link
 * org.cellweave.integrate.BatchIntegration}: a value that says what it reads, takes an {@link
 * org.cellweave.integrate.IntegrationInput} and gives an {@link
 * org.cellweave.integrate.IntegrationResult}, whose parts say by their type what they are: a
 * corrected embedding, corrected expression or a graph. Whoever writes them to a data set goes by
 * that type. A fitted method that can place new cells implements {@link
 * org.cellweave.integrate.ReferenceMapping} as well.
 *
 * <p>What every method must keep to is in the contract test {@code BatchIntegrationContract}.
 */
package org.cellweave.integrate;
