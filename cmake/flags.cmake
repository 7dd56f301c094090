# Every compiler and linker flag of the project, each with its reason, on INTERFACE targets that the others link.

# ------------------------------------------------------------------------------------------------------------ language
add_library(chainrule_language INTERFACE)
target_compile_features(chainrule_language INTERFACE cxx_std_20)
target_include_directories(chainrule_language INTERFACE "${PROJECT_SOURCE_DIR}")
target_compile_options(
  chainrule_language
  INTERFACE
    # a*b+c rounds twice everywhere: a fused multiply-add on one machine would give other bits than on the next.
    -ffp-contract=off
    # Messages name engine/base/check.h, not a folder of the machine that built it.
    "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=")

# ------------------------------------------------------------------------------------------------------------ warnings
add_library(chainrule_warnings INTERFACE)
target_compile_options(
  chainrule_warnings
  INTERFACE -Wall -Wextra
            # A variable that hides another is how an index ends up meaning two things.
            -Wshadow
            # g++ 12 sees overlapping copies in plain std::string additions at -O3 (GCC bug 105651).
            $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
            # Designated initializers name what differs from the default; what they leave out is the default, by the language.
            -Wno-missing-field-initializers
            # A warning that does not stop the build is not read.
            -Werror)

# libstdc++ 12's stable_sort calls a function that libstdc++ itself marks as deprecated, and clang 19 reports that.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT EMSCRIPTEN)
  target_compile_options(chainrule_warnings INTERFACE -Wno-deprecated-declarations)
endif()

# ----------------------------------------------------------------------------------------------------------------- web
add_library(chainrule_web INTERFACE)
if(EMSCRIPTEN)
  target_compile_options(
    chainrule_web
    INTERFACE
      # Threads where the page is isolated; the same program runs without them where it is not.
      -pthread
      # 128-bit SIMD is in every browser since 2023. Never relaxed SIMD: its results differ from machine to machine.
      -msimd128
      # No exceptions cross the engine's surface; without them the code is smaller and calls stay cheap.
      -fno-exceptions)
  target_link_options(
    chainrule_web
    INTERFACE
      -fno-exceptions
      # No thread before one is needed: where a page is not isolated, none can be made, and that is found out then.
      -pthread -sPTHREAD_POOL_SIZE=0
      # Such a page also lacks a name that the generated code uses.
      "SHELL:--pre-js \"${CMAKE_CURRENT_LIST_DIR}/shared_memory_pre.js\""
      # Deep recursion is a defect here; a megabyte holds every frame the app has.
      -sSTACK_SIZE=1MB -sDEFAULT_PTHREAD_STACK_SIZE=1MB)
endif()

# ---------------------------------------------------------------------------------------------------------- sanitizers
add_library(chainrule_sanitizers INTERFACE)
if(CHAINRULE_SANITIZE)
  set(sanitizers -fsanitize=address,undefined
                 # The first finding ends the test, so that it is counted.
                 -fno-sanitize-recover=all)
  target_compile_options(chainrule_sanitizers INTERFACE ${sanitizers} -fno-omit-frame-pointer)
  target_link_options(chainrule_sanitizers INTERFACE ${sanitizers})
  # The standard library checks its own indices too.
  target_compile_definitions(chainrule_sanitizers INTERFACE _GLIBCXX_ASSERTIONS)
endif()
if(CHAINRULE_TSAN)
  target_compile_options(chainrule_sanitizers INTERFACE -fsanitize=thread -fno-omit-frame-pointer)
  target_link_options(chainrule_sanitizers INTERFACE -fsanitize=thread)
endif()
if(CHAINRULE_FUZZ)
  # Coverage counters in the code under test; libFuzzer's main comes with the fuzz targets alone.
  target_compile_options(chainrule_sanitizers INTERFACE -fsanitize=fuzzer-no-link)
endif()

# What each target of ours links, and what third-party code links (the same language and sanitizers, none of the warnings).
add_library(chainrule_flags INTERFACE)
target_link_libraries(chainrule_flags INTERFACE chainrule_language chainrule_warnings chainrule_web chainrule_sanitizers)
add_library(third_party_flags INTERFACE)
target_link_libraries(third_party_flags INTERFACE chainrule_web chainrule_sanitizers)
target_compile_options(third_party_flags INTERFACE -w)

# lld links the sanitized tests in a fraction of the default linker's time.
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND NOT EMSCRIPTEN)
  target_link_options(chainrule_language INTERFACE -fuse-ld=lld)
endif()
