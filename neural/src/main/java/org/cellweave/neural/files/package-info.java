/**
 * What models and checkpoints lie in: named arrays of numbers behind a JSON header, in the format
 * safetensors, which holds nothing that can be executed. Hand-written, because the format is a
 * length, a JSON object and bytes, and its only library for the JVM brings a native one.
 *
 * @see <a href="https://github.com/huggingface/safetensors">The format</a>
 */
package org.cellweave.neural.files;
