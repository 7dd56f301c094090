# The engine as an ES module of its own, for pages and for node: engine-core.js and .wasm, which
# web/engine_module/chainrule-engine.js wraps. docs/ENGINE_API.md says how to use it.
chainrule_sources(engine_module_sources web/engine_module)
add_executable(engine_module ${engine_module_sources})
set_target_properties(engine_module PROPERTIES OUTPUT_NAME engine-core)
target_link_libraries(engine_module PRIVATE chainrule_network)
target_compile_options(engine_module PRIVATE -O3)
target_link_options(
  engine_module
  PRIVATE
    -O3 --no-entry -sMODULARIZE=1 -sEXPORT_ES6=1 -sEXPORT_NAME=createEngineCore -sENVIRONMENT=web,worker,node
    # No eval: a page's Content-Security-Policy may forbid it.
    -sDYNAMIC_EXECUTION=0
    # As large as a caller's arrays ask for. The wrapper makes its views anew at each call, so growing costs it nothing.
    -sALLOW_MEMORY_GROWTH=1 -sINITIAL_MEMORY=32MB -sMAXIMUM_MEMORY=2GB -Wno-pthreads-mem-growth
    -sFILESYSTEM=0 -sMALLOC=emmalloc
    "-sEXPORTED_RUNTIME_METHODS=stringToNewUTF8,UTF8ToString,wasmMemory"
    "-sEXPORTED_FUNCTIONS=_malloc,_free")
