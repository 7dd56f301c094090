#!/usr/bin/python3
"""Holds the sources to the design's rules: includes point one way, lists are complete, names that break determinism stay out.

    /usr/bin/python3 tests/architecture/architecture_test.py

Each rule reads a tree of {path: text} and returns sentences about what is wrong. Each is tested twice: on a tree with one
deliberate mistake, which it must catch, and on the repository, where it must find nothing.
"""
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = (".cpp", ".h", ".inl", ".def")

# ---------------------------------------------------------------------------------------------------------------- includes
# base <- math <- tensor <- trace <- ops <- {graph, backend} <- nn <- optim <- train <- landscape
ORDER = (("base",), ("math",), ("tensor",), ("trace",), ("ops",), ("graph", "backend"), ("nn",), ("optim",), ("train",),
         ("landscape",))


def may_include():
    """Engine folder -> the engine folders that it may include."""
    allowed, before = {}, set()
    for level in ORDER:
        for folder in level:
            allowed[folder] = before | set(level)
        before |= set(level)
    allowed["data"] = {"base", "math", "tensor", "data"}
    allowed["analysis"] = {"base", "math", "tensor", "trace", "ops", "graph", "nn", "analysis"}
    for folder in ("train", "landscape"):
        allowed[folder] = allowed[folder] | {"data"}
    return allowed


MAY_INCLUDE = may_include()
# What of web/app the widgets draw with.
DRAWING = {"web/app/theme.h", "web/app/draw_context.h", "web/app/icons.h"}
USER_INTERFACE = re.compile(r"^(imgui|imstb|SDL|GLES|GL/|emscripten)", re.I)


def includes(text):
    return re.findall(r'^[ \t]*#[ \t]*include[ \t]+[<"]([^>"]+)[>"]', text, re.M)


def sources(tree, folder, endings=SOURCE):
    return {path: text for path, text in tree.items() if path.startswith(folder) and path.endswith(endings)}


def engine_includes_point_one_way(tree):
    wrong = []
    for path, text in sources(tree, "engine/").items():
        folder = path.split("/")[1]
        if folder not in MAY_INCLUDE:
            wrong.append(f"{path}: what may engine/{folder} include? Add it to the design and to this test.")
            continue
        for include in includes(text):
            target = include.split("/")
            if target[0] == "engine" and target[1] not in MAY_INCLUDE[folder]:
                wrong.append(f"{path} includes {include}: engine/{folder} must not know engine/{target[1]}")
    return wrong


def engine_knows_only_itself_and_the_standard_library(tree):
    return [f"{path} includes {include}" for path, text in sources(tree, "engine/").items() for include in includes(text)
            if not include.startswith("engine/") and not re.fullmatch(r"[a-z_]+", include) and include != "shaders/kernels.def"
            # std::thread throws where no thread can be made, and there are no exceptions.
            and not (include == "pthread.h" and path in ("engine/base/thread_pool.cpp", "engine/base/background.cpp"))]


def lesson_kit_has_no_user_interface(tree):
    return [f"{path} includes {include}" for path, text in sources(tree, "web/lesson_kit/").items()
            for include in includes(text)
            if USER_INTERFACE.match(include) or include.startswith("web/") and not include.startswith("web/lesson_kit/")]


def network_and_bench_know_the_engine_alone(tree):
    return [f"{path} includes {include}" for folder in ("web/network/", "web/bench/") for path, text in sources(tree, folder).items()
            for include in includes(text)
            if USER_INTERFACE.match(include) or include.startswith("web/") and not include.startswith(("web/network/", "web/bench/"))]


def widgets_know_no_lessons(tree):
    return [f"{path} includes {include}" for path, text in sources(tree, "web/widgets/").items()
            for include in includes(text)
            if include.startswith("web/") and include not in DRAWING
            and not include.startswith(("web/widgets/", "web/lesson_kit/", "web/text/"))]


def app_knows_no_concrete_lesson(tree):
    return [f"{path} includes {include}" for folder in ("web/app/", "web/platform/", "web/gpu/")
            for path, text in sources(tree, folder).items() for include in includes(text)
            if include.startswith("web/lessons/")]


RAW_ITEM = re.compile(r"ImGui::(\w*Button|Begin(?:Combo|ListBox|Menu)|Combo|Checkbox\w*|Selectable|MenuItem|ProgressBar|(?:Input|Slider|Drag|VSlider)\w+)\(")


def only_controls_use_imgui_items(tree):
    """Items of Dear ImGui that nobody mirrors are out of reach for the keyboard and for screen readers."""
    return [f"{path} calls {found.group(0)[:-1]}: web/widgets/controls.h has the controls" for path, text in sources(tree, "web/").items()
            if not path.startswith("web/widgets/controls") for found in RAW_ITEM.finditer(without_comments(text))]


def own_includes_exist_and_have_full_paths(tree):
    wrong = []
    for path, text in tree.items():
        if path.endswith((".cpp", ".h", ".inl")):
            for include in re.findall(r'^#include "([^"]+)"', text, re.M):
                if include not in tree:
                    wrong.append(f'{path} includes "{include}": no such file from the root of the repository')
    return wrong


def includes_go_in_no_circle(tree):
    graph = {path: [i for i in includes(text) if i in tree] for path, text in tree.items() if path.endswith(SOURCE)}
    done, wrong = set(), []

    def visit(path, trail):
        if path in trail:
            wrong.append(" -> ".join(trail[trail.index(path):] + [path]))
        elif path not in done:
            for target in graph.get(path, []):
                visit(target, trail + [path])
            done.add(path)

    for path in graph:
        visit(path, [])
    return wrong


# --------------------------------------------------------------------------------------------------------------- manifests
def entries(tree, path, macro):
    """Arguments of each MACRO(a, b) line of a list."""
    text = re.sub(r"//.*", "", tree.get(path, ""))
    return [[part.strip().strip('"') for part in line.split(",")] for line in re.findall(macro + r"\(([^)]*)\)", text, re.M)]


def ops_have_their_faces(tree):
    wrong = []
    all_reference = includes(tree.get("engine/ops/all_ops_ref.inl", ""))
    for name, file in entries(tree, "engine/ops/ops.def", "OP"):
        contract, kernel = f"engine/ops/{file}.h", f"engine/ops/{file}_ref.inl"
        if not re.search(rf"^struct {name} {{", tree.get(contract, ""), re.M):
            wrong.append(f"{contract} has no contract of {name}")
        if f"{name}::run(" not in tree.get(kernel, ""):
            wrong.append(f"{kernel} has no reference kernel of {name}")
        if kernel not in all_reference:
            wrong.append(f"all_ops_ref.inl leaves out {kernel}")
    return wrong


def fast_kernels_name_their_parity_test(tree):
    """The opening comment of each *_simd.cpp names the tests that tie it to the reference, and they exist."""
    walked = "TEST(Parity##Type" in tree.get("tests/engine/ops/parity_test.cpp", "")
    walked_lists = (("fast.def", "FAST"), ("split.def", "ELEMENTS"), ("split.def", "ROWS"))
    tests = {"Parity" + name for file, macro in walked_lists for (name,) in entries(tree, "engine/ops/" + file, macro)} if walked else set()
    wrong = []
    for path, text in sources(tree, "engine/ops/", "_simd.cpp").items():
        opening = text.split("#include")[0]
        named = re.findall(r"\bParity\w+", opening)
        wrong += [] if named else [f"{path} does not open with its idea and its Parity test"]
        wrong += [f"{path}: there is no test {name}" for name in named if name not in tests]
    return wrong


def fast_kernels_have_a_reference(tree):
    ops = {entry[0]: entry[1] for entry in entries(tree, "engine/ops/ops.def", "OP")}
    wrong = []
    defined = "".join(sources(tree, "engine/ops/", "_simd.cpp").values())
    for (name,) in entries(tree, "engine/ops/fast.def", "FAST"):
        if name not in ops:
            wrong.append(f"fast.def: {name} is no op")
        if not re.search(rf"\bkFast{name}\b", defined):
            wrong.append(f"no *_simd.cpp defines kFast{name}")
    return wrong


def lessons_have_their_files(tree):
    return [f"lessons.def: there is no web/lessons/{entry[0]}.cpp" for entry in entries(tree, "web/lessons/lessons.def", "LESSON")
            if f"web/lessons/{entry[0]}.cpp" not in tree]


def optimizers_have_a_file_each(tree):
    return [f"engine/optim/{function.removeprefix('append_')}.cpp does not define {function}"
            for _, _, function in entries(tree, "engine/optim/optimizers.def", "OPTIMIZER")
            if f"void {function}(" not in tree.get(f"engine/optim/{function.removeprefix('append_')}.cpp", "")]


def gpu_kernels_have_their_texts(tree):
    wrong = []
    for macro in ("KERNEL", "ELEMENT"):
        for name, files, entry, *_ in entries(tree, "shaders/kernels.def", r"^" + macro):
            texts = [tree.get(f"shaders/{file}.wgsl") for file in files.split("+")]
            if None in texts:
                wrong.append(f"kernels.def: {name} is made of {files}, and not all of these are there")
            elif f"fn {entry}(" not in "".join(texts):
                wrong.append(f"kernels.def: {files} has no entry {entry}")
    return wrong


# ------------------------------------------------------------------------------------------------------------------- names
def without_comments(text):
    return re.sub(r"//.*", "", re.sub(r'"(\\.|[^"\\\n])*"', '""', text))


BANNED_IN_ENGINE = {
    r"std::(exp|exp2|expm1|log|log2|log10|log1p|tanh|sinh|cosh|sin|cos|tan|asin|acos|atan|atan2|pow|cbrt|erf|tgamma)f?\b":
        "differs between libraries: engine/math has its own",
    r"(?<![\w:.])(expf|logf|tanhf|sinf|cosf|powf|atanf)\(": "libm: engine/math has its own",
    r"\bs?rand\(": "hidden randomness",
    r"std::(random_device|mt19937|minstd_rand|default_random_engine|\w+_distribution|shuffle)\b": "not portable",
    r"std::chrono|\bclock\(|\btime\((NULL|nullptr|0)?\)|gettimeofday": "a clock",
    r"std::(cout|cin|cerr|clog|ifstream|ofstream|fstream)\b|\bfopen\(": "input and output",
    r"\bgetenv\(": "the environment",
    r"\bEM_(ASM|JS)\b|\bSDL_\w+|\bImGui\b": "the front end",
    r"\bthrow\b(?! \()": "no exceptions across the engine's surface",
    r"std::(fma)\b|__builtin_fma|_mm\w*_fmadd|#pragma STDC FP_CONTRACT ON|ffast-math": "fused arithmetic gives other bits",
    r"std::unordered_(map|multimap)\b": "its order differs between libraries",
}
BANNED_HEADERS = {"random", "chrono", "iostream", "fstream", "filesystem", "thread", "mutex", "ctime", "emscripten", "iomanip"}


# Where training goes ahead on a thread of its own.
MUTEXES = {("mutex", "engine/base/background.cpp"), ("mutex", "engine/train/ahead.h"), ("mutex", "engine/landscape/plane_losses.h")}


def engine_has_no_banned_names(tree):
    wrong = []
    for path, text in sources(tree, "engine/").items():
        code = without_comments(text)
        for pattern, why in BANNED_IN_ENGINE.items():
            wrong += [f"{path} uses {found.group(0)}: {why}" for found in re.finditer(pattern, code)]
        wrong += [f"{path} includes <{include}>" for include in includes(text)
                  if include in BANNED_HEADERS and (include, path) not in MUTEXES]
    return wrong


def engine_has_no_mutable_globals(tree):
    """No variable outside of functions and classes that is not const, and no static local that is not."""
    wrong = []
    for path, text in sources(tree, "engine/", (".cpp", ".h", ".inl")).items():
        for line in without_comments(text).splitlines():
            variable = re.match(r"\s*(static|thread_local|inline)\s+(?!const|inline const|_Assert)[\w:<>, ]+[&*]?\s+\w+\s*(=|;|\{)", line)
            if variable and "(" not in line.split("=")[0] and "constexpr" not in line:
                wrong.append(f"{path}: {line.strip()}")
    return wrong


def headers_have_pragma_once(tree):
    return [path for path, text in tree.items() if path.endswith((".h", ".inl")) and path.startswith(("engine/", "web/", "tests/"))
            and "#pragma once" not in text]


def headers_use_no_namespace(tree):
    return [path for path, text in tree.items() if path.endswith(".h") and path.startswith(("engine/", "web/"))
            and re.search(r"^using namespace", text, re.M)]


# -------------------------------------------------------------------------------------------------------------- docstrings
DECLARATION = re.compile(r"^(?:enum class|struct|class) (\w+)[^;]*\{|^(?:inline |constexpr )*[A-Za-z_][\w:<>,&* ]* [&*]?(\w+)\(.*[;{]$")


def public_ops_have_docstrings(tree):
    """Every struct, class, enum and free function of engine/ops/*.h has a comment above, or shares its neighbour's."""
    wrong = []
    for path, text in sources(tree, "engine/ops/", ".h").items():
        if re.search(r"/(simd|gemm_\w+)\.h$", path):  # the insides of fast kernels
            continue
        above = ""
        for line in text.splitlines():
            found = DECLARATION.match(line)
            if found and not above.startswith(("///", "//")) and not line.startswith(("return", "using", "namespace")):
                wrong.append(f"{path}: {found.group(1) or found.group(2)} has no docstring")
            # A declaration that follows a documented one at once, and a template's first line, pass the comment on.
            documented = above.startswith("//") and (line.startswith("template") or found)
            above = "// above" if documented and not line.endswith("{") else line
    return wrong


# -------------------------------------------------------------------------------------------------------- files as a whole
MOST_LINES = 450


def files_are_short(tree):
    return [f"{path} has {text.count(chr(10))} lines, more than {MOST_LINES}" for path, text in tree.items()
            if path.startswith(("engine/", "web/", "tests/")) and not path.startswith("web/text/de.") and text.count("\n") > MOST_LINES]


# Written so that this file does not match itself.
PLACES = {
    r"npmjs[.](org|com)|pypi[.]org|pythonhosted[.]org|crates[.]io|rubygems[.]org|proxy[.]golang|deb[.]debian[.]org": "a package registry",
    r"(?<![\w.])/(home|Users|root|work)[/]\w": "a path of one machine",
    r"[A-Z]:\\\\?Users": "a path of one machine",
}


def no_registries_and_no_machine_paths(tree):
    return [f"{path} names {found.group(0)!r}, {why}" for path, text in tree.items() for pattern, why in PLACES.items()
            for found in re.finditer(pattern, text)]


def no_conflict_marks_tabs_or_trailing_spaces(tree):
    wrong = []
    for path, text in tree.items():
        if path.endswith(SOURCE + (".py", ".js", ".mjs", ".css", ".html", ".cmake")):
            for number, line in enumerate(text.splitlines(), 1):
                if line.startswith(("<<<<<<< ", ">>>>>>> ")) or line != line.rstrip() or "\t" in line:
                    wrong.append(f"{path}:{number}: a conflict mark, a tab or a trailing space")
    return wrong


# Each rule, and a tree with one mistake that it must catch.
CLEAN_OP = {
    "engine/ops/ops.def": "OP(Twice, twice)\n",
    "engine/ops/twice.h": "#pragma once\n/// y = 2 x\nstruct Twice {\n};\n",
    "engine/ops/twice_ref.inl": "#pragma once\nvoid Twice::run() {}\n",
    "engine/ops/all_ops_ref.inl": '#pragma once\n#include "engine/ops/twice_ref.inl"\n',
}
RULES = (
    (engine_includes_point_one_way, {"engine/ops/a.cpp": '#include "engine/graph/graph.h"\n'}),
    (engine_includes_point_one_way, {"engine/base/a.h": '  #  include "engine/math/exp.h"\n'}),
    (engine_includes_point_one_way, {"engine/data/a.h": '#include "engine/ops/op.h"\n'}),
    (engine_includes_point_one_way, {"engine/novelty/a.h": ""}),
    (engine_knows_only_itself_and_the_standard_library, {"engine/nn/a.cpp": '#include "web/app/app.h"\n'}),
    (engine_knows_only_itself_and_the_standard_library, {"engine/nn/a.cpp": "#include <SDL.h>\n"}),
    (engine_knows_only_itself_and_the_standard_library, {"engine/nn/a.cpp": "#include <emscripten.h>\n"}),
    (engine_knows_only_itself_and_the_standard_library, {"engine/nn/a.h": '#include "layers.h"\n'}),
    (engine_knows_only_itself_and_the_standard_library, {"engine/nn/a.cpp": "#include <pthread.h>\n"}),
    (lesson_kit_has_no_user_interface, {"web/lesson_kit/a.h": "#include <imgui.h>\n"}),
    (lesson_kit_has_no_user_interface, {"web/lesson_kit/a.h": '#include "web/widgets/plot.h"\n'}),
    (network_and_bench_know_the_engine_alone, {"web/network/a.h": "#include <imgui.h>\n"}),
    (network_and_bench_know_the_engine_alone, {"web/bench/a.h": '#include "web/app/app.h"\n'}),
    (widgets_know_no_lessons, {"web/widgets/a.h": '#include "web/lessons/lenet_mnist.h"\n'}),
    (widgets_know_no_lessons, {"web/widgets/a.h": '#include "web/app/app.h"\n'}),
    (app_knows_no_concrete_lesson, {"web/app/a.cpp": '#include "web/lessons/lenet_mnist.h"\n'}),
    (only_controls_use_imgui_items, {"web/lessons/a.cpp": 'if (ImGui::InvisibleButton("x", size)) return;\n'}),
    (only_controls_use_imgui_items, {"web/app/a.cpp": 'ImGui::InputInt("x", &x);\n'}),
    (own_includes_exist_and_have_full_paths, {"web/app/a.cpp": '#include "b.h"\n', "web/app/b.h": ""}),
    (includes_go_in_no_circle, {"engine/a.h": '#include "engine/b.h"\n', "engine/b.h": '#include "engine/a.h"\n'}),
    (ops_have_their_faces, {**CLEAN_OP, "engine/ops/twice.h": ""}),
    (ops_have_their_faces, {**CLEAN_OP, "engine/ops/twice_ref.inl": ""}),
    (ops_have_their_faces, {**CLEAN_OP, "engine/ops/all_ops_ref.inl": ""}),
    (fast_kernels_name_their_parity_test, {"engine/ops/twice_simd.cpp": "// Fast.\n#include <cmath>\n"}),
    (fast_kernels_name_their_parity_test, {"engine/ops/twice_simd.cpp": "// Tied by ParityTwice.\n#include <cmath>\n"}),
    (fast_kernels_have_a_reference, {**CLEAN_OP, "engine/ops/fast.def": "FAST(Twice)\n"}),
    (fast_kernels_have_a_reference, {"engine/ops/fast.def": "FAST(A)\n", "engine/ops/a_simd.cpp": "kFastA\n"}),
    (gpu_kernels_have_their_texts, {"shaders/kernels.def": 'KERNEL(A, "index+a", "run", 1, 1)\n', "shaders/a.wgsl": "fn run() {}\n"}),
    (gpu_kernels_have_their_texts, {"shaders/kernels.def": 'ELEMENT(A, "a", "go", 1)\n', "shaders/a.wgsl": "fn run() {}\n"}),
    (lessons_have_their_files, {"web/lessons/lessons.def": "// A comment\nLESSON(backprop)\n"}),
    (optimizers_have_a_file_each, {"engine/optim/optimizers.def": 'OPTIMIZER(A, "a", append_a)\n'}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "y = std::exp(x);\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "y = std::tanh(x);\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "y = std::sin(x);\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "int y = rand();\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "#include <random>\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "#include <chrono>\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "#include <iostream>\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "std::cout << 1;\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "y = expf(x);\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": "y = std::fma(a, b, c);\n"}),
    (engine_has_no_mutable_globals, {"engine/nn/a.cpp": "static int counter = 0;\n"}),
    (engine_has_no_mutable_globals, {"engine/nn/a.cpp": "  static std::vector<float> cache;\n"}),
    (headers_have_pragma_once, {"engine/nn/a.h": "int x();\n"}),
    (headers_use_no_namespace, {"web/app/a.h": "using namespace chainrule;\n"}),
    (public_ops_have_docstrings, {"engine/ops/a.h": "namespace chainrule {\n\nstruct A {\n};\n}\n"}),
    (public_ops_have_docstrings, {"engine/ops/a.h": "namespace chainrule {\n\nint sizes(int a);\n}\n"}),
    (public_ops_have_docstrings, {"engine/ops/a.h": "/// A.\nstruct A {\n  int x;\n};\nstruct B {\n};\n"}),
    (files_are_short, {"engine/nn/a.cpp": "\n" * (MOST_LINES + 1)}),
    (no_registries_and_no_machine_paths, {"tools/a.sh": "curl https://pypi" + ".org/simple\n"}),
    (no_registries_and_no_machine_paths, {"package-lock.json": "registry.npmjs" + ".org\n"}),
    (no_registries_and_no_machine_paths, {"CMakeLists.txt": "set(x " + "/ho" + "me/someone/x)\n"}),
    (no_conflict_marks_tabs_or_trailing_spaces, {"engine/nn/a.cpp": "int x; \n"}),
)
# Trees that look suspicious and are right.
RIGHT = (
    (engine_includes_point_one_way, {"engine/train/a.cpp": '#include "engine/data/batcher.h"\n#include "engine/nn/layers.h"\n'}),
    (engine_knows_only_itself_and_the_standard_library, {"engine/nn/a.cpp": "#include <vector>\n"}),
    (engine_has_no_banned_names, {"engine/nn/a.cpp": '// not std::exp, rand() or std::cout\ny = math::exp(x) + std::sqrt(x); s = "throw";\n'}),
    (engine_has_no_mutable_globals, {"engine/nn/a.h": "static constexpr int kA = 1;\nstatic int size(int x);\ninline constexpr int kB = 2;\n"}),
    (ops_have_their_faces, CLEAN_OP),
    (gpu_kernels_have_their_texts, {"shaders/kernels.def": 'KERNEL(A, "a", "run", 1, 1)\n', "shaders/a.wgsl": "fn run() {}\n"}),
    (public_ops_have_docstrings, CLEAN_OP),
    (no_registries_and_no_machine_paths, {"run": "#!/usr/bin/env bash\nexec /usr/bin/python3 ./work/x\n"}),
)


def repository():
    """Tracked and new files as text, those that are text."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT,
                            capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        paths = [path for path in listed.stdout.decode().split("\0") if path]
    else:  # an unpacked archive
        skipped = (".git", ".toolchain", "build", "node_modules")
        paths = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*")
                 if path.is_file() and path.relative_to(ROOT).parts[0] not in skipped]
    tree = {}
    for path in sorted(set(paths)):
        file = ROOT / path
        if file.is_file() and not file.is_symlink():
            content = file.read_bytes()
            if b"\0" not in content:
                tree[path] = content.decode("utf-8", errors="replace")
    return tree


def main():
    passed = failed = 0

    def count(good, message):
        nonlocal passed, failed
        passed, failed = passed + good, failed + (not good)
        if not good:
            print("FAILED", message)

    tree = repository()
    count(len(sources(tree, "engine/")) > 50, "the repository's sources were not found")
    for rule in dict.fromkeys(rule for rule, _ in RULES):
        wrong = rule(tree)
        count(not wrong, f"{rule.__name__}:" + "".join(f"\n    {sentence}" for sentence in wrong))
    for rule, mistaken in RULES:
        count(bool(rule(mistaken)), f"{rule.__name__} does not catch {mistaken}")
    for rule, right in RIGHT:
        wrong = rule(right)
        count(not wrong, f"{rule.__name__} finds fault with {right}: {wrong}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
