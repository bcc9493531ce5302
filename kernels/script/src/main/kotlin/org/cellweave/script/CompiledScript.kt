package org.cellweave.script

import java.lang.reflect.InvocationTargetException

/**
 * The class files of a script.
 *
 * @property className the class whose constructor is the script
 * @property resultField the field that holds the value of the last expression, or "" when there is none
 * @property classFiles bytes by path (`Quickstart.class`)
 */
internal class CompiledScript(
    val className: String,
    val resultField: String,
    val classFiles: Map<String, ByteArray>,
) {
    /**
     * Runs the script on the calling thread.
     *
     * @return the value of the last expression, [Unit] when there is none
     * @throws Throwable whatever the script threw
     */
    fun run(args: ScriptArgs): Any? {
        val scriptClass = ClassFileLoader(classFiles).loadClass(className)
        Thread.currentThread().contextClassLoader = scriptClass.classLoader
        val script =
            try {
                scriptClass.constructors.single().newInstance(args)
            } catch (e: InvocationTargetException) {
                throw e.targetException
            }
        if (resultField.isEmpty()) return Unit
        return scriptClass.getDeclaredField(resultField).apply { isAccessible = true }.get(script)
    }
}

/** Defines classes from memory, so that a run never depends on a cache file that another run may replace. */
private class ClassFileLoader(private val classFiles: Map<String, ByteArray>) :
    ClassLoader(CompiledScript::class.java.classLoader) {
    override fun findClass(name: String): Class<*> {
        val bytes = classFiles[name.replace('.', '/') + ".class"] ?: throw ClassNotFoundException(name)
        return defineClass(name, bytes, 0, bytes.size)
    }
}
