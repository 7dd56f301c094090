# Finds Emscripten and hands over to its own toolchain file: the emcc on PATH when there is one, else the one that
# tools/setup.sh unpacked. So `cmake --preset web-release` needs no environment.

set(chainrule_toolchain "$ENV{CHAINRULE_TOOLCHAIN}")
if(NOT chainrule_toolchain)
  set(chainrule_toolchain "${CMAKE_CURRENT_LIST_DIR}/../.toolchain")
endif()

set(chainrule_emcc_minimum 3.1.61)

# Sets `root` to the Emscripten folder of `emcc` when it is new enough.
function(chainrule_try_emcc emcc)
  execute_process(COMMAND "${emcc}" --version OUTPUT_VARIABLE text ERROR_QUIET RESULT_VARIABLE failed)
  if(failed OR NOT text MATCHES "\\) ([0-9]+\\.[0-9]+\\.[0-9]+)" OR CMAKE_MATCH_1 VERSION_LESS chainrule_emcc_minimum)
    return()
  endif()
  cmake_path(GET emcc PARENT_PATH bin)
  execute_process(
    COMMAND "${bin}/em-config" EMSCRIPTEN_ROOT OUTPUT_VARIABLE root OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
  if(NOT failed)
    set(chainrule_emscripten_root "${root}" PARENT_SCOPE)
  endif()
endfunction()

# CMake reads this file again for every compiler check; what the first reading found is passed on.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES chainrule_emscripten_root)

if(NOT chainrule_emscripten_root)
  find_program(chainrule_path_emcc emcc NO_CACHE)
  if(chainrule_path_emcc)
    chainrule_try_emcc("${chainrule_path_emcc}")
  endif()
  if(NOT chainrule_emscripten_root)
    cmake_path(SET chainrule_unpacked NORMALIZE "${chainrule_toolchain}/emscripten/usr/share/emscripten")
    if(EXISTS "${chainrule_unpacked}/emcc")
      chainrule_try_emcc("${chainrule_unpacked}/emcc")
    endif()
  endif()
  if(NOT chainrule_emscripten_root)
    message(FATAL_ERROR "No emcc >= ${chainrule_emcc_minimum} on PATH. Run tools/setup.sh build (Debian), or activate an emsdk.")
  endif()
  set(chainrule_emscripten_root "${chainrule_emscripten_root}" CACHE INTERNAL "the Emscripten in use")
endif()

include("${chainrule_emscripten_root}/cmake/Modules/Platform/Emscripten.cmake")
