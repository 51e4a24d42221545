// SPDX-License-Identifier: MIT
#include "support.hpp"

#include <fcntl.h>
#include <unistd.h>

#include "tools/program.hpp"

// There in a program that is linked with the runtime of a sanitizer.
extern "C" {
void __asan_init() __attribute__((weak));
void __tsan_init() __attribute__((weak));
}

namespace riskmap::test {

bool sanitized() {
    return &__asan_init != nullptr || &__tsan_init != nullptr;
}

const std::string& program_file() {
    static const std::string file =
        (std::filesystem::read_symlink("/proc/self/exe").parent_path() / "../bin/riskmap")
            .lexically_normal()
            .string();
    return file;
}

Grid grid(std::int64_t columns, std::int64_t rows, double cell) {
    Grid g;
    g.crs = Crs::parse("EPSG:4549");
    g.left = 550000;
    g.top = 3300000 + static_cast<double>(rows) * cell;
    g.cell_width = g.cell_height = cell;
    g.columns = columns;
    g.rows = rows;
    return g;
}

std::vector<double> cells(const std::string& text) {
    std::istringstream in{text};
    std::vector<double> values;
    for (std::string word; in >> word;)
        values.push_back(word == "." ? none : std::stod(word));
    return values;
}

std::shared_ptr<const raster::Source> ascii(std::int64_t columns, const std::string& text,
                                            double cell) {
    auto values = cells(text);
    const auto rows = static_cast<std::int64_t>(values.size()) / columns;
    return std::make_shared<raster::InMemory>(grid(columns, rows, cell), std::move(values));
}

MultiPolygon rectangle(const Grid& g, double x0, double y0, double x1, double y1) {
    return {{{g.from_cells({x0, y1}), g.from_cells({x1, y1}), g.from_cells({x1, y0}),
              g.from_cells({x0, y0})},
             {}}};
}

void write_text(const std::filesystem::path& file, const std::string& text) {
    std::ofstream{file, std::ios::binary} << text;
}

std::string read_text(const std::filesystem::path& file) {
    std::ifstream in{file, std::ios::binary};
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos)
        ADD_FAILURE() << "no such text: " << from;
    else
        text.replace(at, from.size(), to);
    return text;
}

void replace_in(const std::filesystem::path& file, const std::string& from, const std::string& to) {
    write_text(file, replaced(read_text(file), from, to));
}

void write_raster(const std::filesystem::path& file, const raster::Source& source,
                  raster::CellType type) {
    raster::RasterSpec spec;
    spec.type = type;
    raster::Writer writer{file, source.grid(), spec};
    writer.write(source.grid().window(), source.read(source.grid().window()));
    writer.commit();
}

Answer shell(const std::string& words, const std::filesystem::path& folder) {
    const Folder scratch;
    const auto errors = scratch / "stderr";
    const std::string command =
        "cd '" + folder.string() + "' && { " + words + "; } 2>'" + errors.string() + "'";
    Answer answer;
    FILE* pipe = popen(command.c_str(), "r");
    std::array<char, 4096> buffer{};
    while (const auto n = fread(buffer.data(), 1, buffer.size(), pipe))
        answer.out.append(buffer.data(), n);
    const int status = pclose(pipe);
    answer.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    answer.error = read_text(errors);
    return answer;
}

pid_t start_program(const std::vector<std::string>& arguments,
                    const std::filesystem::path& folder) {
    std::vector<std::string> words{program_file()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& word : words)
        pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
        dup2(open("/dev/null", O_WRONLY), STDOUT_FILENO);
        if (chdir(folder.c_str()) == 0)
            execv(pointers[0], pointers.data());
        _exit(127);
    }
    return child;
}

Answer program(const std::string& arguments, const std::filesystem::path& folder) {
    return shell(program_file() + " " + arguments, folder);
}

} // namespace riskmap::test
