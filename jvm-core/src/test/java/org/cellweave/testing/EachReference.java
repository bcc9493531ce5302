package org.cellweave.testing;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A test that takes an {@link H5Reference} and runs once for each that is here: the one that lies
 * in the repository, and that on real cells where the development data are.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@ParameterizedTest
@MethodSource("org.cellweave.testing.H5Reference#all")
public @interface EachReference {}
