"""A gRPC server that answers what it is sent: the floor of every call."""

import asyncio
import sys

import grpc


async def _same(request: bytes, _context: object) -> bytes:
    return request


async def main(port: str) -> None:
    """Serve until ended."""
    server = grpc.aio.server()
    server.add_generic_rpc_handlers(
        (
            grpc.method_handlers_generic_handler(
                "echo", {"Echo": grpc.unary_unary_rpc_method_handler(_same)}
            ),
        )
    )
    server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
