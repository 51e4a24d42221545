# Writes text files into a C++ source that gives them by name:
# cmake -DFILES=a;b -DKEY=NAME_WE -DROOM=atlas -DFUNCTION=built_in_styles -DOUTPUT=x.cpp
#       -P embed_texts.cmake
set(text "// Made by embed_texts.cmake.\n#include \"${FUNCTION}.hpp\"\n\n")
string(APPEND text "namespace riskmap::${ROOM} {\n\n")
string(APPEND text "const std::map<std::string, std::string>& ${FUNCTION}() {\n")
string(APPEND text "    static const std::map<std::string, std::string> texts{\n")
foreach(file IN LISTS FILES)
  get_filename_component(name ${file} ${KEY})
  file(READ ${file} content)
  string(APPEND text "        {\"${name}\", R\"text(${content})text\"},\n")
endforeach()
string(APPEND text "    };\n    return texts;\n}\n\n} // namespace riskmap::${ROOM}\n")
file(WRITE ${OUTPUT} "${text}")
