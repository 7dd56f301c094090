# SDL2 for the browser, from its source: the files that Emscripten's own port compiles. Emscripten's port system would
# download them, and write into the compiler's folder; this needs neither, and the compiler cache sees every file.

enable_language(C)
set(sdl2_dir "${chainrule_toolchain}/sources/sdl2")
if(NOT EXISTS "${sdl2_dir}/src/SDL.c")
  message(FATAL_ERROR "SDL2's source is not in ${sdl2_dir}. Run tools/setup.sh build, or configure with -DCHAINRULE_FETCH=ON.")
endif()

# Folders of sdl2/src, whole: a file for another platform guards itself.
set(sdl2_folders
    . atomic audio audio/disk audio/dummy audio/emscripten cpuinfo dynapi events file filesystem/emscripten haptic haptic/dummy
    joystick joystick/emscripten libm loadso/dlopen locale locale/emscripten main/dummy misc misc/emscripten power
    power/emscripten render render/opengles2 render/software sensor sensor/dummy stdlib thread thread/pthread timer timer/unix
    video video/dummy video/emscripten video/yuv2rgb)
list(TRANSFORM sdl2_folders REPLACE ".+" "${sdl2_dir}/src/\\0/*.c" OUTPUT_VARIABLE sdl2_globs)
file(GLOB sdl2_sources ${sdl2_globs})

add_library(sdl2_static STATIC ${sdl2_sources})
target_include_directories(sdl2_static SYSTEM PUBLIC "${sdl2_dir}/include")
target_link_libraries(sdl2_static PRIVATE third_party_flags)
target_compile_options(sdl2_static PRIVATE -Os)
