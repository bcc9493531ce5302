package org.cellweave.script

import org.cellweave.dsl.DrawnFigures
import org.cellweave.dsl.session.Failures
import org.cellweave.dsl.session.MemoryLimits
import java.io.File
import java.io.InputStream
import java.io.PrintStream
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CancellationException

/**
 * Compiles or recalls a script, runs it, and turns what happens into text and an exit code.
 *
 * @property beforeScript called when the script's own code is about to start
 * @property isInterrupted whether a failure of the script is the answer to a signal
 */
internal class ScriptHost(
    private val classPath: List<Path>,
    private val cache: ScriptCache,
    private val environment: Map<String, String>,
    private val input: InputStream,
    private val out: PrintStream,
    private val err: PrintStream,
    private val beforeScript: () -> Unit = {},
    private val isInterrupted: () -> Boolean = { false },
) {
    fun run(words: List<String>): Int =
        try {
            when (val command = Command.parse(words, environment)) {
                Command.Help -> print(resource("help.txt"))
                Command.Version -> print(version())
                Command.WarmUp -> warmUp()
                is Command.Run -> run(command)
            }
        } catch (e: UsageException) {
            err.println("cellweave: ${e.message}")
            err.println("usage: cellweave [OPTIONS] SCRIPT.kts [ARGS...]   (cellweave --help)")
            ExitCode.USAGE
        } catch (e: NoScriptException) {
            err.println("cellweave: ${e.message}")
            ExitCode.USAGE
        }

    private fun run(command: Command.Run): Int {
        val source =
            when {
                command.code != null -> ScriptSource.ofSnippet(command.code)
                command.script == "-" -> ScriptSource.ofStream(input)
                else -> ScriptSource.ofFile(checkNotNull(command.script))
            }
        return try {
            val script = compiled(source, command.verbose) ?: return ExitCode.FAILED
            beforeScript()
            val result = script.run(ScriptArgs(command.args, source.name))
            if (source.showsResult && result != Unit) out.println(result)
            out.flush()
            DrawnFigures.atEnd()
            ExitCode.OK
        } catch (thrown: Throwable) {
            failed(thrown, source, command.trace)
        } finally {
            out.flush()
        }
    }

    /** @return null after the errors have been printed */
    private fun compiled(source: ScriptSource, verbose: Boolean): CompiledScript? {
        val key = ScriptCache.key(source, classPath)
        cache.load(key)?.let { return it }
        val outcome = ScriptCompiler(classPath).compile(source)
        val shown = outcome.diagnostics.filter { it.isError() || (verbose && it.location != null) }
        KeywordVar.told(shown, source).forEach { err.println(rendered(it, source)) }
        val script = outcome.script
        if (script != null && !cache.store(key, script) && verbose) {
            err.println("cellweave: the compile cache cannot be written; every run compiles again")
        }
        return script
    }

    private fun failed(thrown: Throwable, source: ScriptSource, trace: Boolean): Int {
        out.flush()
        val failure = Failures.unwrapped(thrown)
        // Code under an interrupt may fail in other ways too: a closed channel, a file cut short.
        if (isInterrupted() || failure is CancellationException || failure is InterruptedException) {
            err.println("interrupted")
            if (trace) thrown.printStackTrace(err)
            return ExitCode.INTERRUPTED
        }
        FailureReport(source, MemoryLimits.current()).lines(thrown).forEach(err::println)
        if (trace) thrown.printStackTrace(err)
        return if (failure is MissingArgumentException) ExitCode.USAGE else ExitCode.FAILED
    }

    private fun print(text: String): Int {
        out.println(text)
        out.flush()
        return ExitCode.OK
    }

    /** Compiles the warm-up script and runs it from a cache of its own, so that both ways are walked. */
    private fun warmUp(): Int {
        val folder = Files.createTempDirectory("cellweave-warm-up")
        try {
            val host = ScriptHost(classPath, ScriptCache(folder), environment, input, out, err)
            val words = listOf("-e", resource("warmup.kts"), folder.toString())
            return maxOf(host.run(words), host.run(words))
        } finally {
            folder.toFile().deleteRecursively()
        }
    }

    private fun version(): String {
        val own = ScriptHost::class.java.`package`.implementationVersion ?: "(development)"
        return "cellweave $own (Kotlin ${KotlinVersion.CURRENT}, Java ${System.getProperty("java.version")})"
    }

    private fun resource(name: String): String =
        checkNotNull(ScriptHost::class.java.getResourceAsStream(name)) { "$name is missing from the jar" }
            .use { it.readBytes().decodeToString().trimEnd() }

    companion object {
        fun systemClassPath(): List<Path> =
            System
                .getProperty("java.class.path")
                .split(File.pathSeparator)
                .filter(String::isNotEmpty)
                .map(Path::of)
    }
}

internal object ExitCode {
    const val OK: Int = 0
    const val FAILED: Int = 1
    const val USAGE: Int = 2
    const val INTERRUPTED: Int = 130
}
