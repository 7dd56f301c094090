# Third-party code: Dear ImGui, SDL2 (web only), glm, GoogleTest. tools/setup.sh puts their sources on the machine; with
# CHAINRULE_FETCH they are downloaded from their projects instead.

set(IMGUI_VERSION 1.90.1)

if(CHAINRULE_FETCH)
  include(FetchContent)
  # SOURCE_SUBDIR names a folder without a CMakeLists.txt: the sources are wanted, not the build that comes with them.
  FetchContent_Declare(
    imgui_source GIT_REPOSITORY https://github.com/ocornut/imgui.git GIT_TAG v${IMGUI_VERSION} GIT_SHALLOW ON SOURCE_SUBDIR misc)
  FetchContent_Declare(
    googletest_source GIT_REPOSITORY https://github.com/google/googletest.git GIT_TAG v1.15.2 GIT_SHALLOW ON SOURCE_SUBDIR docs)
  FetchContent_Declare(
    glm_source GIT_REPOSITORY https://github.com/g-truc/glm.git GIT_TAG 1.0.1 GIT_SHALLOW ON SOURCE_SUBDIR doc)
  FetchContent_MakeAvailable(imgui_source googletest_source glm_source)
  set(imgui_dir "${imgui_source_SOURCE_DIR}")
  set(googletest_dir "${googletest_source_SOURCE_DIR}")
  set(glm_dir "${glm_source_SOURCE_DIR}")
else()
  set(imgui_dir "${chainrule_toolchain}/sources/imgui")
  set(googletest_dir /usr/src/googletest)
  set(glm_dir /usr/include)
  if(NOT EXISTS "${imgui_dir}/imgui.cpp")
    message(FATAL_ERROR "Dear ImGui's source is not in ${imgui_dir}. Run tools/setup.sh, or configure with -DCHAINRULE_FETCH=ON.")
  endif()
endif()

# ---------------------------------------------------------------------------------------------------------- Dear ImGui
add_library(
  imgui STATIC "${imgui_dir}/imgui.cpp" "${imgui_dir}/imgui_draw.cpp" "${imgui_dir}/imgui_tables.cpp"
               "${imgui_dir}/imgui_widgets.cpp")
target_include_directories(imgui SYSTEM PUBLIC "${imgui_dir}" "${imgui_dir}/backends")
# Its settings are our file, named from the repository's root, so whoever includes imgui.h needs that root too.
target_include_directories(imgui PUBLIC "${PROJECT_SOURCE_DIR}")
target_compile_definitions(imgui PUBLIC "IMGUI_USER_CONFIG=\"web/app/imgui_config.h\"")
target_compile_features(imgui PUBLIC cxx_std_20)
target_link_libraries(imgui PRIVATE third_party_flags)
target_compile_options(imgui PRIVATE -Os) # drawing is not the hot path; what a page loads first is

# Debug builds know each item that is drawn: tests/web/app/twin_test.cpp holds the page's elements against them.
if(NOT EMSCRIPTEN AND CMAKE_BUILD_TYPE STREQUAL "Debug")
  target_sources(imgui PRIVATE "${PROJECT_SOURCE_DIR}/tests/support/imgui_items.cpp")
  target_compile_definitions(imgui PUBLIC IMGUI_ENABLE_TEST_ENGINE)
endif()

# ---------------------------------------------------------------------------------------------------------------- SDL2
if(EMSCRIPTEN)
  add_library(sdl2 INTERFACE)
  if(CHAINRULE_FETCH)
    target_compile_options(sdl2 INTERFACE -sUSE_SDL=2)
    target_link_options(sdl2 INTERFACE -sUSE_SDL=2)
  else()
    include("${CMAKE_CURRENT_LIST_DIR}/sdl2.cmake")
    target_link_libraries(sdl2 INTERFACE sdl2_static)
  endif()
  target_sources(imgui PRIVATE "${imgui_dir}/backends/imgui_impl_sdl2.cpp" "${imgui_dir}/backends/imgui_impl_opengl3.cpp")
  target_compile_definitions(imgui PRIVATE IMGUI_IMPL_OPENGL_ES3) # WebGL2 is OpenGL ES 3
  target_link_libraries(imgui PUBLIC sdl2)
endif()

# ----------------------------------------------------------------------------------------------------------------- glm
# Header-only. Only glm/ is linked into a folder of its own: the whole of /usr/include must not reach a web compile.
add_library(glm INTERFACE)
if(EXISTS "${glm_dir}/glm/glm.hpp")
  file(MAKE_DIRECTORY "${PROJECT_BINARY_DIR}/third_party/include")
  file(CREATE_LINK "${glm_dir}/glm" "${PROJECT_BINARY_DIR}/third_party/include/glm" SYMBOLIC)
  target_include_directories(glm SYSTEM INTERFACE "${PROJECT_BINARY_DIR}/third_party/include")
endif()

# ---------------------------------------------------------------------------------------------------------- GoogleTest
# Optional: a build of the site alone does not need it.
if(EXISTS "${googletest_dir}/googletest/src/gtest-all.cc")
  add_library(
    gtest STATIC EXCLUDE_FROM_ALL "${googletest_dir}/googletest/src/gtest-all.cc" "${googletest_dir}/googletest/src/gtest_main.cc")
  target_include_directories(gtest SYSTEM PUBLIC "${googletest_dir}/googletest/include")
  target_include_directories(gtest PRIVATE "${googletest_dir}/googletest")
  target_compile_features(gtest PUBLIC cxx_std_20)
  target_link_libraries(gtest PRIVATE third_party_flags)
  if(EMSCRIPTEN)
    target_compile_definitions(gtest PUBLIC GTEST_HAS_PTHREAD=0)
  else()
    find_package(Threads REQUIRED)
    target_link_libraries(gtest PUBLIC Threads::Threads)
  endif()
endif()
