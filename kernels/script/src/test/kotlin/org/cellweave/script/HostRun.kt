package org.cellweave.script

import java.io.ByteArrayOutputStream
import java.io.PrintStream
import java.nio.file.Path

/** What one call of the host printed and returned. */
internal class HostRun(val exitCode: Int, val out: String, val err: String) {
    val errLines: List<String> get() = err.lines().filter(String::isNotEmpty)

    companion object {
        fun of(
            cacheFolder: Path,
            vararg words: String,
            input: String = "",
            environment: Map<String, String> = emptyMap(),
            isInterrupted: () -> Boolean = { false },
        ): HostRun {
            val out = ByteArrayOutputStream()
            val err = ByteArrayOutputStream()
            val host =
                ScriptHost(
                    classPath = ScriptHost.systemClassPath(),
                    cache = ScriptCache(cacheFolder),
                    environment = environment,
                    input = input.byteInputStream(),
                    out = PrintStream(out, true),
                    err = PrintStream(err, true),
                    isInterrupted = isInterrupted,
                )
            val code = host.run(words.toList())
            return HostRun(code, out.toString(), err.toString())
        }
    }
}
