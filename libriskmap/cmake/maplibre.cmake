# The web atlas needs MapLibre GL JS, which npm brings: ${maplibre_files}. Version 6 has a worker of
# its own that browsers do not start from the disk.
set(maplibre ${CMAKE_CURRENT_BINARY_DIR}/maplibre)
set(maplibre_files ${maplibre}/maplibre-gl.js ${maplibre}/maplibre-gl.css ${maplibre}/maplibre-licence.txt)
find_program(RISKMAP_NPM npm)
# Empty ones are what a build without npm, or without a network, made do with.
if(RISKMAP_NPM AND EXISTS ${maplibre}/maplibre-gl.js)
  file(SIZE ${maplibre}/maplibre-gl.js size)
  if(size EQUAL 0)
    file(REMOVE ${maplibre_files})
  endif()
endif()
add_custom_command(
  OUTPUT ${maplibre_files}
  COMMAND ${CMAKE_COMMAND} "-DNPM=${RISKMAP_NPM}" -DFOLDER=${maplibre}
          -P ${CMAKE_CURRENT_LIST_DIR}/vendor_maplibre.cmake
  DEPENDS ${CMAKE_CURRENT_LIST_DIR}/vendor_maplibre.cmake
  COMMENT "Fetching MapLibre GL JS"
  VERBATIM)
