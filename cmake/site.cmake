# The website: build/site, static files with relative paths, ready for any folder of any web server.
# tools/pack_site.py knows what goes where and redoes only what changed.

set(site_dir "${PROJECT_SOURCE_DIR}/build/site" CACHE PATH "Where the website is put together")
if(CMAKE_HOST_LINUX)
  set(site_python /usr/bin/python3) # the one that has Debian's fonttools
else()
  find_package(Python3 REQUIRED)
  set(site_python "${Python3_EXECUTABLE}")
endif()
set(pack_site "${site_python}" "${PROJECT_SOURCE_DIR}/tools/pack_site.py" --root "${PROJECT_SOURCE_DIR}" --site "${site_dir}")

# Fonts and MNIST need no compiler: this runs beside the compilation.
add_custom_target(site_data ALL COMMAND ${pack_site} data VERBATIM)
add_custom_target(
  site ALL
  COMMAND ${pack_site} --program "$<TARGET_FILE_DIR:chainrule>" pages
  DEPENDS chainrule engine_module site_data
  VERBATIM)
