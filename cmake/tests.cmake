# Test programs, fuzz targets and benchmarks. ./test builds and runs them; none is part of the site.

# For programs that run in node: real files, a real exit code, as much memory as they ask for.
add_library(chainrule_node INTERFACE)
if(EMSCRIPTEN)
  target_link_options(chainrule_node INTERFACE -sENVIRONMENT=node -sNODERAWFS=1 -sEXIT_RUNTIME=1 -sALLOW_MEMORY_GROWTH=1)
endif()

# Tests find tests/golden and tests/data from the root of the repository.
add_library(chainrule_test_support INTERFACE)
target_compile_definitions(chainrule_test_support INTERFACE "CHAINRULE_SOURCE_DIR=\"${PROJECT_SOURCE_DIR}\"")
target_link_libraries(chainrule_test_support INTERFACE chainrule_node)

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
if(NOT EMSCRIPTEN)
  chainrule_tests(web_tests tests/web chainrule_ui)
endif()

# One libFuzzer program for each tests/fuzz/*.cpp.
file(GLOB fuzz_sources CONFIGURE_DEPENDS tests/fuzz/*.cpp)
if(CHAINRULE_FUZZ)
  foreach(source IN LISTS fuzz_sources)
    cmake_path(GET source STEM name)
    add_executable(fuzz_${name} EXCLUDE_FROM_ALL "${source}")
    set_target_properties(fuzz_${name} PROPERTIES OUTPUT_NAME "${name}" RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/fuzz")
    target_link_libraries(fuzz_${name} PRIVATE chainrule_kit chainrule_test_support)
    target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    add_dependencies(tests fuzz_${name})
  endforeach()
endif()

# One program for each bench/*.cpp: `cmake --build --preset native-release --target bench`.
file(GLOB bench_sources CONFIGURE_DEPENDS bench/*.cpp)
add_custom_target(bench)
foreach(source IN LISTS bench_sources)
  cmake_path(GET source STEM name)
  add_executable(bench_${name} EXCLUDE_FROM_ALL "${source}")
  set_target_properties(bench_${name} PROPERTIES OUTPUT_NAME "${name}" RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bench")
  target_link_libraries(bench_${name} PRIVATE chainrule_kit chainrule_test_support)
  add_dependencies(bench bench_${name})
endforeach()

# One program for each tools/*.cpp, run by hand: what it writes is in git.
file(GLOB tool_sources CONFIGURE_DEPENDS tools/*.cpp)
add_custom_target(tools)
foreach(source IN LISTS tool_sources)
  cmake_path(GET source STEM name)
  add_executable(tool_${name} EXCLUDE_FROM_ALL "${source}")
  set_target_properties(tool_${name} PROPERTIES OUTPUT_NAME "${name}" RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/tools")
  target_link_libraries(tool_${name} PRIVATE chainrule_ui chainrule_test_support)
  add_dependencies(tools tool_${name})
endforeach()
