# Test programs, fuzz targets and benchmarks. ./test builds and runs them; none is part of the site.

# For programs that run in node: real files, a real exit code, as much memory as they ask for.
add_library(chainrule_node INTERFACE)
if(EMSCRIPTEN)
  target_link_options(chainrule_node INTERFACE -sENVIRONMENT=node,worker -sNODERAWFS=1 -sEXIT_RUNTIME=1 -sINITIAL_MEMORY=512MB
                      # Threads that wait in store: main never returns to the event loop, which makes new ones.
                      -sPTHREAD_POOL_SIZE=10 -sPTHREAD_POOL_SIZE_STRICT=0)
endif()

# Tests find tests/golden and tests/data from the root of the repository.
add_library(chainrule_test_support INTERFACE)
target_compile_definitions(chainrule_test_support INTERFACE "CHAINRULE_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\"")
target_link_libraries(chainrule_test_support INTERFACE chainrule_node)

# The sanitizers make optimizing slow, and there are many test files: they are compiled plainly, what they test is not.
if(CHAINRULE_SANITIZE)
  target_compile_options(chainrule_test_support INTERFACE -O0)
endif()

# A program of all tests under a folder; ARGN is what it links.
function(chainrule_tests name folder)
  chainrule_sources(sources "${folder}")
  if(NOT sources OR NOT TARGET gtest)
    return()
  endif()
  add_executable(${name} EXCLUDE_FROM_ALL ${sources})
  target_link_libraries(${name} PRIVATE ${ARGN} gtest chainrule_test_support)
  add_dependencies(tests ${name})
endfunction()

add_custom_target(tests)
chainrule_tests(engine_tests tests/engine chainrule_engine)

# What uses threads, by itself: ThreadSanitizer's build of all the rest would find nothing in minutes.
if(CHAINRULE_TSAN)
  set(threaded base/thread_pool_test train/ahead_test ops/parity_test ops/parity_cases train/trainer_test)
  list(TRANSFORM threaded REPLACE ".+" "tests/engine/\\0.cpp")
  add_executable(thread_tests EXCLUDE_FROM_ALL ${threaded})
  target_link_libraries(thread_tests PRIVATE chainrule_engine gtest chainrule_test_support)
endif()

if(NOT EMSCRIPTEN)
  chainrule_tests(web_tests tests/web chainrule_ui)
  # Signs and sharpness are tested with the site's own fonts, and the app with its data.
  find_package(Python3 QUIET)
  set(test_python "$<IF:$<BOOL:${CMAKE_HOST_LINUX}>,/usr/bin/python3,${Python3_EXECUTABLE}>") # see cmake/site.cmake
  add_custom_target(
    test_data
    COMMAND "${test_python}" "${PROJECT_SOURCE_DIR}/tools/pack_site.py" --root "${PROJECT_SOURCE_DIR}" --site
            "${PROJECT_SOURCE_DIR}/build/site" data
    VERBATIM)
  if(TARGET web_tests)
    add_dependencies(web_tests test_data)
  endif()
endif()

# The GPU kernels against their ops: a program for a page or for node (tests/shaders/run.mjs).
if(EMSCRIPTEN)
  file(GLOB shader_checks CONFIGURE_DEPENDS tests/shaders/*.cpp)
  add_executable(
    gpu_tests EXCLUDE_FROM_ALL ${shader_checks} tests/engine/ops/parity_cases.cpp tests/engine/support/random_calls.cpp
                               web/gpu/gpu_web.cpp)
  target_link_libraries(gpu_tests PRIVATE chainrule_engine)
  target_link_options(
    gpu_tests
    PRIVATE
      "SHELL:--js-library \"${PROJECT_SOURCE_DIR}/web/gpu/library_gpu.js\""
      -sMODULARIZE=1 -sEXPORT_ES6=1 -sEXPORT_NAME=createTests -sENVIRONMENT=web,worker,node -sDYNAMIC_EXECUTION=0
      -sINITIAL_MEMORY=512MB --no-entry
      "-sEXPORTED_RUNTIME_METHODS=ccall,HEAPU8"
      "-sEXPORTED_FUNCTIONS=_malloc,_free")
  set_property(TARGET gpu_tests APPEND PROPERTY LINK_DEPENDS "${PROJECT_SOURCE_DIR}/web/gpu/library_gpu.js")
endif()

# One libFuzzer program for each tests/fuzz/*.cpp.
file(GLOB fuzz_sources CONFIGURE_DEPENDS tests/fuzz/*.cpp)
if(CHAINRULE_FUZZ)
  foreach(source IN LISTS fuzz_sources)
    cmake_path(GET source STEM name)
    add_executable(fuzz_${name} EXCLUDE_FROM_ALL "${source}")
    set_target_properties(fuzz_${name} PROPERTIES OUTPUT_NAME "${name}" RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
    target_link_libraries(fuzz_${name} PRIVATE chainrule_kit chainrule_test_support)
    target_compile_options(fuzz_${name} PRIVATE -O1) # as many inputs as the time allows
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(tests fuzz_${name})
  endforeach()
endif()

# One program for each bench/*.cpp and tools/*.cpp, built when asked for by folder or by name:
#   cmake --build --preset native-release --target bench      -> build/native-release/bench/
#   cmake --build --preset native-release --target tools      -> build/native-release/tools/
foreach(folder IN ITEMS bench tools)
  file(GLOB sources CONFIGURE_DEPENDS ${folder}/*.cpp)
  add_custom_target(${folder})
  foreach(source IN LISTS sources)
    cmake_path(GET source STEM name)
    set(target ${folder}_${name})
    add_executable(${target} EXCLUDE_FROM_ALL "${source}")
    if(EMSCRIPTEN) # in node there is neither page nor GPU
      target_sources(${target} PRIVATE web/platform/platform_native.cpp web/gpu/gpu_native.cpp)
    endif()
    set_target_properties(${target} PROPERTIES OUTPUT_NAME "${name}" RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/${folder}")
    # What needs the engine alone does not wait for the user interface to be compiled.
    file(STRINGS "${source}" of_interface REGEX "#include .(imgui|web/(app|lesson_kit|lessons|widgets)/)")
    if(of_interface)
      target_link_libraries(${target} PRIVATE chainrule_ui)
    endif()
    target_link_libraries(${target} PRIVATE chainrule_network chainrule_test_support)
    add_dependencies(${folder} ${target})
  endforeach()
endforeach()
