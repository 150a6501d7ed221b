# The image of every service: which one it is, the command says (see docker-compose.yml).
FROM node:24-bookworm-slim AS build
WORKDIR /plenary
COPY package.json package-lock.json .npmrc ./
RUN npm install
COPY nest-cli.json tsconfig.json .swcrc ./
COPY libs libs
COPY apps apps
COPY deploy deploy
RUN npm run build

FROM node:24-bookworm-slim AS packages
WORKDIR /plenary
COPY package.json package-lock.json .npmrc ./
# The local infrastructure and the tools of development stay out; so does npm's own Node, the image has one.
RUN npm install --omit=dev

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /plenary
COPY --from=packages /plenary/node_modules node_modules
COPY --from=build /plenary/dist dist
# Migrations and pages are read from beside the sources.
COPY package.json ./
COPY apps apps
COPY libs libs
COPY deploy/docker deploy/docker
USER node
CMD ["node", "--version"]
