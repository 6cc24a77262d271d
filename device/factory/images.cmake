# Images are made by the build, from whichever programs it builds: images/KIND.img, and images/training/KIND.img signed
# with the training keys. The training build has boot and firmware of its own; guardian and gateway are the same programs.
# One image. `keys` and `key_files` are the caller's.
function(basalt_image kind variant program)
  if(NOT TARGET ${program})
    return()
  endif()
  set(folder ${CMAKE_BINARY_DIR}/images)
  if(variant STREQUAL training)
    string(APPEND folder /training)
  endif()
  set(out ${folder}/${kind}.img)
  add_custom_command(OUTPUT ${out}
    COMMAND basalt-factory image --kind ${kind} --program $<TARGET_FILE:${program}> --variant ${variant}
            --keys ${keys} --version 1 --out ${out}
    DEPENDS basalt-factory ${program} ${key_files}
    COMMENT "Image of the ${variant} ${kind}" VERBATIM)
  add_custom_target(basalt_image_${variant}_${kind} DEPENDS ${out})
  add_dependencies(basalt_images basalt_image_${variant}_${kind})
endfunction()

# Called when all folders have been read, because scenarios/ makes the training programs after this folder.
function(basalt_all_images)
  set(keys ${CMAKE_SOURCE_DIR}/dev-keys)
  set(key_files ${keys}/production/image.pem ${keys}/training/image.pem)
  add_custom_command(OUTPUT ${key_files}
    COMMAND basalt-factory keys --dir ${keys}  # no DEPENDS: keys that are there stay, whatever changes
    COMMENT "Development keys" VERBATIM)
  add_custom_target(basalt_keys DEPENDS ${key_files})
  add_custom_target(basalt_images ALL)
  add_dependencies(basalt_images basalt_keys)
  foreach(kind guardian boot firmware gateway)
    basalt_image(${kind} production basalt-${kind})
    if(TARGET basalt-${kind}-training)
      basalt_image(${kind} training basalt-${kind}-training)
    else()
      basalt_image(${kind} training basalt-${kind})
    endif()
  endforeach()
endfunction()
cmake_language(DEFER DIRECTORY ${CMAKE_SOURCE_DIR} CALL basalt_all_images)
