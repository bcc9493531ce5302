/** Likelihoods of counts and draws from them; the gamma functions are Commons Numbers'. */
package org.cellweave.neural.distributions;
